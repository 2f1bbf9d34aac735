"""A person has seen to a task and says so."""

from datetime import datetime
from uuid import UUID

from services.discharge.store.tables import TaskRow
from shared.kernel.errors import NotFound, WrongState
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def finish_task(uow: UnitOfWork, task_id: UUID, *, note: str | None, now: datetime) -> TaskRow:
    """Raises NotFound, and WrongState when somebody has already seen to it."""
    task = uow.session.get(TaskRow, task_id, with_for_update=True)
    if task is None or not uow.actor.may_see(patient_id=task.patient_id, sites={task.site_id}):
        raise NotFound("There is no such task.")
    if task.done_at is not None:
        raise WrongState("Somebody has already seen to this task.")
    task.done_at = now
    task.done_by = uow.actor.subject
    task.note = note
    touch(task, now=now)
    audit.wrote(uow, "task-done", at=now, patient_id=task.patient_id, record_id=task_id, site_id=task.site_id)
    uow.session.flush()
    return task
