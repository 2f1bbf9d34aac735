"""What nurses and clinicians do on the recovery board; each is a plain form, answered by the board."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from marshmallow import Schema

from services.discharge.api.observations import charted
from services.discharge.api.schemas import (
    AcknowledgementBody,
    InstructionsBody,
    LeftAgainstAdviceBody,
    ReleaseBody,
    SuicideRiskCheckBody,
)
from services.discharge.deps import Deps
from services.discharge.domain.recovery import Instructions
from services.discharge.pages.observation_form import ObservationForm
from services.discharge.pages.recovery import render
from services.discharge.pages.sheet import seen
from services.discharge.pages.way_home import WayHomeForm, mark_here
from services.discharge.store.recoveries import chart_of, find
from services.discharge.use_cases.acknowledge_emergency import acknowledge_emergency
from services.discharge.use_cases.change_transport import TransportHome, change_transport
from services.discharge.use_cases.record_instructions import record_instructions
from services.discharge.use_cases.record_leaving_against_advice import record_leaving_against_advice
from services.discharge.use_cases.record_observation import record_observation
from services.discharge.use_cases.record_suicide_risk_check import record_suicide_risk_check
from services.discharge.use_cases.release_patient import release_patient
from shared.kernel.errors import Stale
from shared.web import context
from shared.web.pages.forms import attempt, parsed
from shared.web.pages.page import zone

blueprint = Blueprint("recovery_acts", __name__)

_STALE = "Somebody changed this while you typed. What stands now is shown; what you typed is kept below it."


@blueprint.post("/recoveries/<uuid:session_id>/observations")
def observe(session_id: UUID) -> Response:
    """Chart an observation: never in conflict with another, since each stands beside the others."""

    def act() -> None:
        body = _typed(ObservationForm)
        at = body.pop("observed_at")
        record_observation(context.uow(), session_id, charted(body), observed_at=at, **_book_and_now())

    return _act(act, session_id, "observations")


@blueprint.post("/recoveries/<uuid:session_id>/transport")
def transport(session_id: UUID) -> Response:
    def act() -> None:
        check = _as_drawn(session_id, "transport")
        home = TransportHome(**_typed(WayHomeForm))
        change_transport(context.uow(), session_id, home, check_version=check, now=context.now())

    return _act(act, session_id, "transport")


@blueprint.post("/recoveries/<uuid:session_id>/escort-here")
def escort_here(session_id: UUID) -> Response:
    def act() -> None:
        mark_here(context.uow(), session_id, identified_by=context.actor().name, now=context.now())

    return _act(act, session_id, "transport")


@blueprint.post("/recoveries/<uuid:session_id>/instructions")
def instructions(session_id: UUID) -> Response:
    def act() -> None:
        check = _as_drawn(session_id, "instructions")
        heard = Instructions(**_typed(InstructionsBody))
        record_instructions(context.uow(), session_id, heard, check_version=check, now=context.now())

    return _act(act, session_id, "instructions")


@blueprint.post("/recoveries/<uuid:session_id>/suicide-risk-check")
def suicide_risk_check(session_id: UUID) -> Response:
    def act() -> None:
        check = _as_drawn(session_id, "check")
        record_suicide_risk_check(
            context.uow(), session_id, **_typed(SuicideRiskCheckBody), check_version=check, now=context.now()
        )

    return _act(act, session_id, "check")


@blueprint.post("/recoveries/<uuid:session_id>/acknowledgements")
def acknowledge(session_id: UUID) -> Response:
    def act() -> None:
        acknowledge_emergency(context.uow(), session_id, **_typed(AcknowledgementBody), **_book_and_now())

    return _act(act, session_id, "acknowledgements")


@blueprint.post("/recoveries/<uuid:session_id>/release")
def release(session_id: UUID) -> Response:
    """Let the patient go, in one's own name. Refused, the same list comes back with every unmet criterion."""

    def act() -> None:
        release_patient(context.uow(), session_id, **_typed(ReleaseBody), **_book_and_now())

    return _act(act, session_id, "release", then=f"/discharge/recovery?done=released&of={session_id}")


@blueprint.post("/recoveries/<uuid:session_id>/left-against-advice")
def left_against_advice(session_id: UUID) -> Response:
    def act() -> None:
        record_leaving_against_advice(context.uow(), session_id, **_typed(LeftAgainstAdviceBody), **_book_and_now())

    done = "left-against-advice"
    return _act(act, session_id, done, then=f"/discharge/recovery?done={done}&of={session_id}")


def _act(act: Callable[[], None], session_id: UUID, form: str, *, then: str = "") -> Response:
    def acted() -> str:
        act()
        return then or f"/discharge/recovery?open={session_id}&done={form}#sheet-row-{session_id}"

    return attempt(acted, again=lambda typed: render(typed, form=form, opened=session_id))


def _typed(schema: type[Schema]) -> dict[str, Any]:
    return parsed(schema, zone=zone(), now=context.now())


def _book_and_now() -> dict[str, Any]:
    return {"book": context.deps(Deps).book, "now": context.now()}


def _as_drawn(session_id: UUID, part: str) -> Callable[[int], None]:
    """The part must stand as the form showed it. The record's version says too much: every observation changes it."""

    def check(version: int) -> None:
        uow = context.uow()
        row = find(uow.session, session_id, uow.actor)
        if request.form.get("version") != seen(row, chart_of(uow.session, row))[part]:
            raise Stale(_STALE)

    return check
