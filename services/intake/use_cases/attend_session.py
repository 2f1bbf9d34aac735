"""The desk's acts on a booking: check in, cancel, no-show, and taking one of them back."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.policies.undo import may_undo
from services.intake.domain.rules import IntakeRules
from services.intake.domain.sessions import Act, SessionKind, SessionState, require_turn
from services.intake.store.tables import SessionRow
from services.intake.use_cases import reach
from services.intake.use_cases.announce import chair_name
from services.intake.use_cases.book_session import check_free
from services.intake.use_cases.booster_bookings import give_back_cycle, take_cycle
from shared.kernel.errors import Conflict
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def check_in(uow: UnitOfWork, session_id: UUID, *, now: datetime) -> SessionRow:
    """The patient is here. Raises WrongState unless the session is booked."""
    row = reach.session_to_change(uow, session_id)
    require_turn(row.state, Act.CHECK_IN)
    row.state = SessionState.ARRIVED
    row.arrived_at = now
    return _written(uow, row, "session-checked-in", now=now)


def cancel(uow: UnitOfWork, session_id: UUID, reason: str | None, *, now: datetime) -> SessionRow:
    """The session won't be given; chair and booster cycle are free again. Possible until the dose is charted."""
    row = reach.session_to_change(uow, session_id)
    require_turn(row.state, Act.CANCEL)
    row.state = SessionState.CANCELLED
    return _ended(uow, row, reason, "session-cancelled", now=now)


def mark_no_show(uow: UnitOfWork, session_id: UUID, reason: str | None, *, now: datetime) -> SessionRow:
    """The patient didn't come; chair and booster cycle are free again. Raises WrongState unless booked."""
    row = reach.session_to_change(uow, session_id)
    require_turn(row.state, Act.MARK_NO_SHOW)
    row.state = SessionState.NO_SHOW
    return _ended(uow, row, reason, "session-missed", now=now)


def undo(uow: UnitOfWork, session_id: UUID, *, sites: Sites, rules: IntakeRules, now: datetime) -> SessionRow:
    """Take the last check-in, cancellation or no-show back.

    Raises WrongState when there is none to take back, Conflict `too-late` after `rules.undo.within`, `chair-taken` or
    `patient-already-booked` when the hours were given to somebody else since.
    """
    row = reach.session_to_change(uow, session_id)
    require_turn(row.state, Act.UNDO)
    ended = row.state is not SessionState.ARRIVED
    # an ended session is touched by nothing but its end, so that is when it was
    done_at = row.updated_at if ended or row.arrived_at is None else row.arrived_at
    if not may_undo(done_at, rules.undo, now=now):
        minutes = int(rules.undo.within.total_seconds() // 60)
        raise Conflict(f"It is more than {minutes} minutes ago: book anew, or check in again.", code="too-late")
    if ended:
        check_free(uow, row, chair_name(sites, row.site_id, row.chair_id))
        row.state = _state_before(row)
        row.ended_reason = None
    else:
        row.state, row.arrived_at = SessionState.BOOKED, None
    _written(uow, row, "session-act-undone", now=now)
    if ended and row.kind is SessionKind.BOOSTER:
        take_cycle(uow, row, now=now)
    return row


def _state_before(row: SessionRow) -> SessionState:
    if row.started_at is not None:
        return SessionState.STARTED
    return SessionState.BOOKED if row.arrived_at is None else SessionState.ARRIVED


def _ended(uow: UnitOfWork, row: SessionRow, reason: str | None, action: str, *, now: datetime) -> SessionRow:
    row.ended_reason = reason
    _written(uow, row, action, now=now)
    if row.kind is SessionKind.BOOSTER:
        give_back_cycle(uow, row, now=now)
    return row


def _written(uow: UnitOfWork, row: SessionRow, action: str, *, now: datetime) -> SessionRow:
    touch(row, now=now)
    uow.session.flush()
    audit.wrote(uow, action, at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id)
    return row
