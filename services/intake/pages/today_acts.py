"""What the desk and the nurse do from Today's rows; each is a plain form, answered by the board."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from marshmallow import Schema

from services.intake.api.schemas import DoseCharting, DoseCorrection, Ending, Nothing, SessionStart
from services.intake.deps import Deps
from services.intake.domain.sessions import Baseline
from services.intake.pages.today import render
from services.intake.pages.way_home import WayHome, way_home
from services.intake.store.charting import transport_of
from services.intake.use_cases import attend_session, reach
from services.intake.use_cases.complete_session import ChartDose, complete_session
from services.intake.use_cases.correct_session import Correction, Verdict, correct_session
from services.intake.use_cases.set_transport import set_transport
from services.intake.use_cases.start_session import start_session
from shared.web import context
from shared.web.pages.forms import attempt, check_version, parsed
from shared.web.pages.page import zone

blueprint = Blueprint("today_acts", __name__)


@blueprint.post("/today/<uuid:session_id>/check-in")
def check_in(session_id: UUID) -> Response:
    def act() -> None:
        _typed(Nothing)
        attend_session.check_in(context.uow(), session_id, now=context.now())

    return _act(act, session_id, "checked-in")


@blueprint.post("/today/<uuid:session_id>/transport")
def transport(session_id: UUID) -> Response:
    def act() -> None:
        row = reach.session_to_change(context.uow(), session_id)
        check_version(row.version)
        named = way_home(_typed(WayHome), before=transport_of(row), now=context.now())
        set_transport(context.uow(), row, named, rules=context.deps(Deps).rules, now=context.now())

    return _act(act, session_id, "transport")


@blueprint.post("/today/<uuid:session_id>/cancel")
def cancel(session_id: UUID) -> Response:
    def act() -> None:
        attend_session.cancel(context.uow(), session_id, _typed(Ending)["reason"], now=context.now())

    return _act(act, session_id, "cancelled")


@blueprint.post("/today/<uuid:session_id>/no-show")
def no_show(session_id: UUID) -> Response:
    def act() -> None:
        attend_session.mark_no_show(context.uow(), session_id, _typed(Ending)["reason"], now=context.now())

    return _act(act, session_id, "missed")


@blueprint.post("/today/<uuid:session_id>/undo")
def undo(session_id: UUID) -> Response:
    def act() -> None:
        deps = context.deps(Deps)
        _typed(Nothing)
        attend_session.undo(context.uow(), session_id, sites=deps.sites, rules=deps.rules, now=context.now())

    return _act(act, session_id, "undone")


@blueprint.post("/today/<uuid:session_id>/start")
def start(session_id: UUID) -> Response:
    def act() -> None:
        read = _typed(SessionStart)["baseline"]
        baseline = read and Baseline(**read | {"measured_at": read["measured_at"] or context.now()})
        start_session(context.uow(), session_id, baseline, rules=context.deps(Deps).rules, now=context.now())

    return _act(act, session_id, "started")


@blueprint.post("/today/<uuid:session_id>/complete")
def complete(session_id: UUID) -> Response:
    def act() -> None:
        deps = context.deps(Deps)
        dose = ChartDose(**_typed(DoseCharting))
        complete_session(context.uow(), session_id, dose, sites=deps.sites, rules=deps.rules, now=context.now())

    return _act(act, session_id, "completed")


@blueprint.post("/today/<uuid:session_id>/corrections")
def correct(session_id: UUID) -> Response:
    def act() -> None:
        deps, body = context.deps(Deps), _typed(DoseCorrection)
        verdict = Verdict.ENTERED_IN_ERROR if body.pop("entered_in_error") else Verdict.STANDS
        command = Correction(reason=body.pop("reason"), verdict=verdict, changed=ChartDose(**body))
        correct_session(context.uow(), session_id, command, sites=deps.sites, rules=deps.rules, now=context.now())

    return _act(act, session_id, "corrected")


def _typed(schema: type[Schema]) -> dict[str, Any]:
    return parsed(schema, zone=zone(), now=context.now())


def _act(act: Callable[[], None], session_id: UUID, done: str) -> Response:
    def and_then() -> str:
        act()
        return f"/intake/today?done={done}&of={session_id}"

    return attempt(and_then, again=lambda typed: render(typed, opened=session_id))
