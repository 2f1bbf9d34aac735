"""Queries about which journals were kept."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from services.maintenance.domain.journals import JournalCount, Position
from services.maintenance.store.tables import JournalRow
from shared.store.sets import add_all, among

_journal = cast(Table, JournalRow.__table__)


def known(session: Session, journal_ids: Collection[UUID]) -> set[UUID]:
    """Those of `journal_ids` that are counted already."""
    return set(session.scalars(select(_journal.c.journal_id).where(among(session, _journal.c.journal_id, journal_ids))))


def add(session: Session, rows: Sequence[tuple[UUID, UUID, UUID, Position, datetime]]) -> None:
    """Journal, patient, session, position, instant of writing; none of them known yet."""
    add_all(session, _journal, ("journal_id", "patient_id", "session_id", "position", "written_at"), rows)


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
