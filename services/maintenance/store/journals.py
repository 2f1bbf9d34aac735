"""Queries about which journals were kept."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.maintenance.domain.journals import JournalCount, Position
from services.maintenance.store.tables import JournalRow


def find(session: Session, journal_id: UUID) -> JournalRow | None:
    return session.get(JournalRow, journal_id)


def counted(session: Session, patient_id: UUID) -> JournalCount:
    rows = session.execute(
        select(JournalRow.position, func.count())
        .where(JournalRow.patient_id == patient_id)
        .group_by(JournalRow.position)
    ).all()
    found: dict[Position, int] = {row[0]: row[1] for row in rows}
    return JournalCount(
        early=found.get(Position.EARLY, 0),
        in_window=found.get(Position.IN_WINDOW, 0),
        late=found.get(Position.LATE, 0),
    )
