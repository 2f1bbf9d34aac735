"""Raises a task for a person at the site."""

from datetime import datetime
from uuid import UUID

from services.integration.domain.task import TaskKind, TaskState
from services.integration.store import tasks
from services.integration.store.tables import TaskRow, WindowRow
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


def raise_task(uow: UnitOfWork, kind: TaskKind, window: WindowRow, *, cause: UUID, now: datetime) -> None:
    """Raise one task for this `cause`; a second call changes nothing. `window` must be held by this transaction."""
    about = f"{kind.value}:{cause}"
    if tasks.is_raised(uow.session, about):
        return
    row = TaskRow(
        task_id=new_id(),
        kind=kind,
        about=about,
        patient_id=window.patient_id,
        site_id=window.site_id,
        session_id=window.session_id,
        state=TaskState.OPEN,
        raised_at=now,
        updated_at=now,
    )
    uow.session.add(row)
    audit.wrote(uow, "task-raised", at=now, patient_id=row.patient_id, record_id=row.task_id, site_id=row.site_id)
