"""Whoever is still here with symptoms hours after the dose is looked at by a clinician."""

from datetime import datetime

from services.discharge.store.due import earliest
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.review_symptoms import review_symptoms
from shared.messaging.jobs import Job
from shared.store.unit_of_work import UnitOfWork


def lasting_symptoms() -> Job:
    return Job(name="lasting-symptoms", next_due=_next_due, run=_run)


def _next_due(uow: UnitOfWork) -> datetime | None:
    return earliest(uow.session, RecoveryRow.lasting_symptoms_due_at)


def _run(uow: UnitOfWork, now: datetime) -> None:
    review_symptoms(uow, now=now)
