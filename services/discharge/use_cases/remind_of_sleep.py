"""Remind a patient whose restriction could have ended that their word on sleep is missing; later, tell the staff."""

from datetime import datetime

from services.discharge.domain.states import NoticeKind, TaskKind
from services.discharge.store.due import due_rows
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.raise_task import raise_task, write_notice
from shared.store.unit_of_work import UnitOfWork


def remind_of_sleep(uow: UnitOfWork, *, now: datetime) -> None:
    """One reminder a due instant."""
    for row in due_rows(uow.session, RecoveryRow.sleep_reminder_due_at, now=now):
        if row.sleep_reminder_due_at is None:
            continue
        reference = row.sleep_reminder_due_at.isoformat()
        write_notice(uow, row, NoticeKind.SLEEP_REMINDER, reference=reference, now=now)
        row.sleep_reminder_due_at = None
    uow.session.flush()


def ask_staff_about_sleep(uow: UnitOfWork, *, now: datetime) -> None:
    """One task a due instant."""
    for row in due_rows(uow.session, RecoveryRow.sleep_task_due_at, now=now):
        if row.sleep_task_due_at is None:
            continue
        reference = row.sleep_task_due_at.isoformat()
        raise_task(uow, row, TaskKind.SLEEP_UNCONFIRMED, reference=reference, now=now)
        row.sleep_task_due_at = None
    uow.session.flush()
