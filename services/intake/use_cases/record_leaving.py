"""Discharge says that a patient has left: the session is over and its chair free. Or it takes that word back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.sessions import DOSED_STATES, ChartStatus, SessionState
from services.intake.store import changes, sessions
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
    status: ChartStatus


@dataclass(frozen=True, slots=True)
class _Leaving:
    left_at: datetime | None
    disposition: str | None


def record_leaving(uow: UnitOfWork, command: RecordLeaving, *, now: datetime) -> None:
    """File the leaving by session id, the highest revision only, and apply it as soon as the session is dosed.

    Safe to repeat and in any order: a session that isn't there or not dosed keeps its leaving waiting, one entered in
    error stays cancelled. A leaving entered in error is applied to nobody, and taken off the struck session that had
    it; a session that stands keeps what it was told, since only intake strikes sessions.
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
    filed.status = command.status
    uow.session.flush()
    if sessions.by_id(uow.session, command.session_id) is None:
        return
    row = sessions.locked(uow.session, command.session_id)
    if apply_leaving(row, filed, now=now):
        action = "session-left"
    elif _take_back(uow, row, filed, now=now):
        action = "session-leaving-withdrawn"
    else:
        return
    uow.session.flush()
    audit.wrote(uow, action, at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id)


def apply_leaving(row: SessionRow, leaving: LeavingRow, *, now: datetime) -> bool:
    """Mark a dosed session as left; whether it was one, and the leaving stands."""
    # one entered in error is cancelled, so it stays as it is
    if row.state not in DOSED_STATES or leaving.status is ChartStatus.ENTERED_IN_ERROR:
        return False
    row.state = SessionState.LEFT
    row.left_at = leaving.left_at
    row.disposition = leaving.disposition
    touch(row, now=now)
    return True


def _take_back(uow: UnitOfWork, row: SessionRow, leaving: LeavingRow, *, now: datetime) -> bool:
    """Take a withdrawn leaving off a struck session, keeping what stood; whether there was one."""
    struck = row.status is ChartStatus.ENTERED_IN_ERROR and leaving.status is ChartStatus.ENTERED_IN_ERROR
    if not struck or row.left_at is None:
        return False
    old, new = _Leaving(row.left_at, row.disposition), _Leaving(None, None)
    changes.keep(uow, record_id=row.session_id, what="leaving", old=old, new=new, reason=None, now=now)
    row.left_at, row.disposition = None, None
    touch(row, now=now)
    return True
