"""Queries about which journals were kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from services.maintenance.domain.journals import JournalCount, Position
from services.maintenance.store.tables import JournalRow
from shared.store import sets

_journal = cast(Table, JournalRow.__table__)


def add_new(session: Session, rows: Sequence[tuple[UUID, UUID, UUID, Position, datetime]]) -> set[tuple[UUID, UUID]]:
    """Keep each that isn't kept yet (patient, journal, session, position, instant of writing); patient and journal of
    those that were new."""
    columns = ("patient_id", "journal_id", "session_id", "position", "written_at")
    return sets.add_new(session, _journal, columns, rows)


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
