"""The desk's acts on a booking: check in, cancel, no-show."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.sessions import Act, SessionKind, SessionState, require_turn
from services.intake.store.tables import SessionRow
from services.intake.use_cases import reach
from services.intake.use_cases.booster_bookings import give_back_cycle
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
