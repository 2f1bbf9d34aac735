"""Queries about tasks."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from services.integration.domain.task import TaskState
from services.integration.store.tables import TaskRow, WindowRow


def locked(session: Session, task_id: UUID) -> TaskRow | None:
    return session.get(TaskRow, task_id, with_for_update=True)


def is_raised(session: Session, about: str) -> bool:
    return session.execute(select(TaskRow.task_id).where(TaskRow.about == about)).first() is not None


def of_sites(sites: Iterable[str], *, state: TaskState | None, patient_id: UUID | None) -> Select[TaskRow]:
    query = select(TaskRow).where(TaskRow.site_id.in_(sites))
    if state is not None:
        query = query.where(TaskRow.state == state)
    if patient_id is not None:
        query = query.where(TaskRow.patient_id == patient_id)
    return query


def on_board(session: Session, site_id: str, *, done_since: datetime) -> Sequence[Row[TaskRow, WindowRow]]:
    """A site's open tasks and those done since, each with its window, the longest waiting first."""
    query = select(TaskRow, WindowRow).join(WindowRow, WindowRow.session_id == TaskRow.session_id)
    listed = or_(TaskRow.state == TaskState.OPEN, TaskRow.done_at >= done_since)
    return session.execute(
        query.where(TaskRow.site_id == site_id, listed).order_by(TaskRow.raised_at, TaskRow.task_id)
    ).all()
