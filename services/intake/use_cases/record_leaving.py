"""Discharge says that a patient has left: the session is over and its chair free."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.sessions import DOSED_STATES, SessionState
from services.intake.store import sessions
from services.intake.store.tables import LeavingRow, SessionRow
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordLeaving:
    session_id: UUID
    revision: int
    left_at: datetime
    disposition: str


def record_leaving(uow: UnitOfWork, command: RecordLeaving, *, now: datetime) -> None:
    """File the leaving by session id, the highest revision only, and apply it as soon as the session is dosed.

    Safe to repeat and in any order: a session that isn't there or not dosed keeps its leaving waiting, one entered in
    error stays cancelled.
    """
    filed = sessions.leaving_of(uow.session, command.session_id)
    if filed is not None and filed.revision >= command.revision:
        return
    if filed is None:
        filed = LeavingRow(session_id=command.session_id)
        uow.session.add(filed)
    filed.revision = command.revision
    filed.left_at = command.left_at
    filed.disposition = command.disposition
    uow.session.flush()
    if sessions.by_id(uow.session, command.session_id) is None:
        return
    row = sessions.locked(uow.session, command.session_id)
    if apply_leaving(row, filed, now=now):
        uow.session.flush()
        audit.wrote(
            uow, "session-left", at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id
        )


def apply_leaving(row: SessionRow, leaving: LeavingRow, *, now: datetime) -> bool:
    """Mark a dosed session as left; whether it was one."""
    # one entered in error is cancelled, so it stays as it is
    if row.state not in DOSED_STATES:
        return False
    row.state = SessionState.LEFT
    row.left_at = leaving.left_at
    row.disposition = leaving.disposition
    touch(row, now=now)
    return True
