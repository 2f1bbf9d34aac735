"""`sessions`: from a booked chair to a charted dose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.intake.api.answers import SessionView
from services.intake.api.schemas import (
    DoseCharting,
    DoseCorrection,
    Ending,
    Nothing,
    SessionBooking,
    SessionStart,
    TransportNaming,
)
from services.intake.api.session_view import session_view
from services.intake.deps import Deps
from services.intake.domain.sessions import Baseline
from services.intake.domain.transport import Grown, Transport, TransportKind
from services.intake.store.tables import SessionRow
from services.intake.use_cases import attend_session, reach
from services.intake.use_cases.book_session import BookSession, book_session
from services.intake.use_cases.complete_session import ChartDose, complete_session
from services.intake.use_cases.correct_session import Correction, Verdict, correct_session
from services.intake.use_cases.set_transport import set_transport
from services.intake.use_cases.start_session import start_session
from shared.web import context
from shared.web.versions import created, require_match, versioned

blueprint = Blueprint("sessions", __name__, description="Sessions, from booking to the charted dose.")

_GROWN = {True: Grown.ADULT, False: Grown.MINOR, None: Grown.NOT_SAID}


@blueprint.route("/sessions", methods=["POST"])
@blueprint.arguments(SessionBooking)
@blueprint.response(201, SessionView)
def book(body: dict[str, Any]) -> Any:
    """Book a chair; 409 `chair-taken` when another session overlaps [start, end)."""
    deps = context.deps(Deps)
    row = book_session(context.uow(), BookSession(**body), sites=deps.sites, rules=deps.rules, now=context.now())
    return created(session_view(context.uow(), row, deps.sites), row.version)


@blueprint.route("/sessions/<uuid:session_id>", methods=["GET"])
@blueprint.response(200, SessionView)
def read(session_id: UUID) -> Any:
    """A session with its transport, baseline, dose, and what was changed since."""
    row = reach.session(context.uow(), session_id)
    context.audit_read("session-read", patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    return _answer(row)


@blueprint.route("/sessions/<uuid:session_id>/transport", methods=["PUT"])
@blueprint.arguments(TransportNaming)
@blueprint.response(200, SessionView)
def name_transport(body: dict[str, Any], session_id: UUID) -> Any:
    """Say who takes the patient home; only an adult whose word is fresh counts."""
    row = reach.session_to_change(context.uow(), session_id)
    require_match(row.version)
    transport = transport_from(body, now=context.now())
    set_transport(context.uow(), row, transport, rules=context.deps(Deps).rules, now=context.now())
    return _answer(row)


@blueprint.route("/sessions/<uuid:session_id>/check-in", methods=["POST"])
@blueprint.arguments(Nothing)
@blueprint.response(200, SessionView)
def check_in(_: dict[str, Any], session_id: UUID) -> Any:
    """The patient is here."""
    return _answer(attend_session.check_in(context.uow(), session_id, now=context.now()))


@blueprint.route("/sessions/<uuid:session_id>/cancel", methods=["POST"])
@blueprint.arguments(Ending)
@blueprint.response(200, SessionView)
def cancel(body: dict[str, Any], session_id: UUID) -> Any:
    """The session won't be given; its chair is free again."""
    return _answer(attend_session.cancel(context.uow(), session_id, body["reason"], now=context.now()))


@blueprint.route("/sessions/<uuid:session_id>/no-show", methods=["POST"])
@blueprint.arguments(Ending)
@blueprint.response(200, SessionView)
def no_show(body: dict[str, Any], session_id: UUID) -> Any:
    """The patient didn't come; the chair is free again."""
    return _answer(attend_session.mark_no_show(context.uow(), session_id, body["reason"], now=context.now()))


@blueprint.route("/sessions/<uuid:session_id>/start", methods=["POST"])
@blueprint.arguments(SessionStart)
@blueprint.response(200, SessionView)
def start(body: dict[str, Any], session_id: UUID) -> Any:
    """Start with a baseline; 409 `transport-missing` while the way home isn't settled."""
    typed = body["baseline"]
    baseline = None if typed is None else Baseline(**typed | {"measured_at": typed["measured_at"] or context.now()})
    rules = context.deps(Deps).rules
    return _answer(start_session(context.uow(), session_id, baseline, rules=rules, now=context.now()))


@blueprint.route("/sessions/<uuid:session_id>/complete", methods=["POST"])
@blueprint.arguments(DoseCharting)
@blueprint.response(200, SessionView)
def complete(body: dict[str, Any], session_id: UUID) -> Any:
    """Chart the dose; session-completed is published."""
    deps = context.deps(Deps)
    command = ChartDose(**body)
    return _answer(
        complete_session(context.uow(), session_id, command, sites=deps.sites, rules=deps.rules, now=context.now())
    )


@blueprint.route("/sessions/<uuid:session_id>/corrections", methods=["POST"])
@blueprint.arguments(DoseCorrection)
@blueprint.response(200, SessionView)
def correct(body: dict[str, Any], session_id: UUID) -> Any:
    """Correct the charted dose, or say it was entered in error; published again, old and new kept."""
    deps = context.deps(Deps)
    verdict = Verdict.ENTERED_IN_ERROR if body.pop("entered_in_error") else Verdict.STANDS
    command = Correction(reason=body.pop("reason"), verdict=verdict, changed=ChartDose(**body))
    return _answer(
        correct_session(context.uow(), session_id, command, sites=deps.sites, rules=deps.rules, now=context.now())
    )


def transport_from(body: dict[str, Any], *, now: datetime) -> Transport:
    """The way home that a parsed TransportNaming speaks of."""
    facts = dict(body)
    grown = _GROWN[facts.pop("adult")]
    if facts["kind"] is TransportKind.CONTRACTED_RIDE and grown is Grown.NOT_SAID:
        grown = Grown.ADULT  # the company's contract says so
    return Transport(**{"confirmed_at": now} | facts, grown=grown)


def _answer(row: SessionRow) -> Any:
    return versioned(session_view(context.uow(), row, context.deps(Deps).sites), row.version)
