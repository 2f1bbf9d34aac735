"""Queries about tasks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from services.discharge.store.tables import RecoveryRow, TaskRow


def on_board(session: Session, site_id: str, *, done_since: datetime) -> Sequence[Row[TaskRow, RecoveryRow]]:
    """A site's open tasks and those done since, each with its recovery, the longest waiting first."""
    query = select(TaskRow, RecoveryRow).join(RecoveryRow, RecoveryRow.session_id == TaskRow.session_id)
    listed = or_(TaskRow.done_at.is_(None), TaskRow.done_at >= done_since)
    return session.execute(
        query.where(TaskRow.site_id == site_id, listed).order_by(TaskRow.raised_at, TaskRow.task_id)
    ).all()
