"""What falls due by the clock: the earliest instant of each kind of work, and the rows that are due."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.discharge.store.tables import NoticeRow, RecoveryRow

BATCH = 200


def earliest(session: Session, due: InstrumentedAttribute[datetime | None]) -> datetime | None:
    """The earliest instant in `due`, a column of recoveries that is null when nothing is."""
    return session.execute(select(func.min(due)).where(due.is_not(None))).scalar_one()


def due_rows(session: Session, due: InstrumentedAttribute[datetime | None], *, now: datetime) -> list[RecoveryRow]:
    """Recoveries due at `now`, inclusive, the longest due first; locked, and at most a batch."""
    query = select(RecoveryRow).where(due <= now).order_by(due).limit(BATCH).with_for_update()
    return list(session.scalars(query))


def first_unsent(session: Session) -> datetime | None:
    return session.execute(select(func.min(NoticeRow.written_at)).where(NoticeRow.sent_at.is_(None))).scalar_one()


def unsent(session: Session, *, now: datetime) -> list[NoticeRow]:
    query = select(NoticeRow).where(NoticeRow.sent_at.is_(None), NoticeRow.written_at <= now)
    return list(session.scalars(query.order_by(NoticeRow.written_at).limit(BATCH).with_for_update()))
