"""Queries about tasks."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.integration.domain.task import TaskState
from services.integration.store.tables import TaskRow


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
