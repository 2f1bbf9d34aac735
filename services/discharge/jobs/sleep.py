"""A restriction that could have ended waits for the patient's word: first they are reminded, then staff call."""

from datetime import datetime

from services.discharge.store.due import earliest
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.remind_of_sleep import ask_staff_about_sleep, remind_of_sleep
from shared.messaging.jobs import Job
from shared.store.unit_of_work import UnitOfWork


def reminders() -> Job:
    return Job(name="sleep-reminders", next_due=_next_reminder, run=_remind)


def staff_tasks() -> Job:
    return Job(name="sleep-staff-tasks", next_due=_next_task, run=_ask_staff)


def _next_reminder(uow: UnitOfWork) -> datetime | None:
    return earliest(uow.session, RecoveryRow.sleep_reminder_due_at)


def _remind(uow: UnitOfWork, now: datetime) -> None:
    remind_of_sleep(uow, now=now)


def _next_task(uow: UnitOfWork) -> datetime | None:
    return earliest(uow.session, RecoveryRow.sleep_task_due_at)


def _ask_staff(uow: UnitOfWork, now: datetime) -> None:
    ask_staff_about_sleep(uow, now=now)
