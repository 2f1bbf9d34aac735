"""Marks a task as done."""

from datetime import datetime
from uuid import UUID

from services.integration.domain.task import TaskState
from services.integration.store.tables import TaskRow
from services.integration.use_cases.visible import task_for
from shared.kernel.errors import WrongState
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def finish_task(uow: UnitOfWork, task_id: UUID, *, now: datetime) -> TaskRow:
    """Raises NotFound, and WrongState when somebody has already done it."""
    row = task_for(uow, task_id)
    if row.state is TaskState.DONE:
        raise WrongState("Somebody has already done this.")
    row.state, row.done_at = TaskState.DONE, now
    touch(row, now=now)
    audit.wrote(uow, "task-done", at=now, patient_id=row.patient_id, record_id=row.task_id, site_id=row.site_id)
    return row
