"""Call a clinician to whoever is still here with symptoms hours after the dose."""

from datetime import datetime

from services.discharge.domain.policies.lasting_symptoms import needs_a_clinician
from services.discharge.domain.states import TaskKind
from services.discharge.store.due import due_rows
from services.discharge.store.recoveries import chart_of
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.raise_task import page_clinician
from shared.store.unit_of_work import UnitOfWork


def review_symptoms(uow: UnitOfWork, *, now: datetime) -> None:
    """Looks once at each recovery when its time comes; may be repeated."""
    for row in due_rows(uow.session, RecoveryRow.lasting_symptoms_due_at, now=now):
        if needs_a_clinician(chart_of(uow.session, row)):
            page_clinician(uow, row, TaskKind.LASTING_SYMPTOMS, reference="first", now=now)
        row.lasting_symptoms_due_at = None
    uow.session.flush()
