"""A person has seen to a task and says so, or takes that back."""

from datetime import datetime
from uuid import UUID

from services.discharge.domain.states import TaskOutcome
from services.discharge.store.tables import TaskRow
from shared.kernel.errors import NotFound, WrongState
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def finish_task(
    uow: UnitOfWork, task_id: UUID, *, outcome: TaskOutcome | None, note: str | None, now: datetime
) -> TaskRow:
    """Raises NotFound, and WrongState when somebody has already seen to it."""
    task = task_for(uow, task_id)
    if task.done_at is not None:
        raise WrongState("Somebody has already seen to this task.")
    task.done_at = now
    task.done_by, task.done_by_name = uow.actor.subject, uow.actor.name
    task.outcome = outcome
    # a task that was opened again keeps what was noted before
    task.note = "\n".join(words for words in (task.note, note) if words) or None
    _keep(uow, task, "task-done", now)
    return task


def open_task_again(uow: UnitOfWork, task_id: UUID, *, now: datetime) -> TaskRow:
    """It waits for somebody again. Raises NotFound, and WrongState for one that is open."""
    task = task_for(uow, task_id)
    if task.done_at is None:
        raise WrongState("This task is open already.")
    task.done_at = task.done_by = task.done_by_name = task.outcome = None
    _keep(uow, task, "task-opened-again", now)
    return task


def task_for(uow: UnitOfWork, task_id: UUID) -> TaskRow:
    """The task, held until the transaction ends. Raises NotFound."""
    task = uow.session.get(TaskRow, task_id, with_for_update=True)
    if task is None or not uow.actor.may_see(patient_id=task.patient_id, sites={task.site_id}):
        raise NotFound("There is no such task.")
    return task


def _keep(uow: UnitOfWork, task: TaskRow, action: str, now: datetime) -> None:
    touch(task, now=now)
    audit.wrote(uow, action, at=now, patient_id=task.patient_id, record_id=task.task_id, site_id=task.site_id)
    uow.session.flush()
