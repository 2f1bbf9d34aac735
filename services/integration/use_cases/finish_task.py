"""Marks a task as done, or takes that back."""

from datetime import datetime
from uuid import UUID

from services.integration.domain.task import OUTCOMES, TaskOutcome, TaskState
from services.integration.store.tables import TaskRow
from services.integration.use_cases.visible import task_for
from shared.kernel.errors import FieldError, Invalid, WrongState
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def finish_task(uow: UnitOfWork, task_id: UUID, *, outcome: TaskOutcome | None, now: datetime) -> TaskRow:
    """Raises NotFound, Invalid (an outcome of another kind of task), and WrongState when somebody has done it."""
    row = task_for(uow, task_id)
    if outcome is not None and outcome not in OUTCOMES[row.kind]:
        fitting = ", ".join(OUTCOMES[row.kind])
        raise Invalid(FieldError("/outcome", f"This task ends with one of: {fitting}."))
    if row.state is TaskState.DONE:
        raise WrongState("Somebody has already done this.")
    row.state, row.done_at, row.outcome = TaskState.DONE, now, outcome
    row.done_by, row.done_by_name = uow.actor.subject, uow.actor.name
    _keep(uow, row, "task-done", now)
    return row


def open_task_again(uow: UnitOfWork, task_id: UUID, *, now: datetime) -> TaskRow:
    """It waits for somebody again. Raises NotFound, and WrongState for one that is open."""
    row = task_for(uow, task_id)
    if row.state is TaskState.OPEN:
        raise WrongState("This task is open already.")
    row.state = TaskState.OPEN
    row.done_at = row.done_by = row.done_by_name = row.outcome = None
    _keep(uow, row, "task-opened-again", now)
    return row


def _keep(uow: UnitOfWork, row: TaskRow, action: str, now: datetime) -> None:
    touch(row, now=now)
    audit.wrote(uow, action, at=now, patient_id=row.patient_id, record_id=row.task_id, site_id=row.site_id)
