"""A patient leaves though the criteria aren't met, or nobody may release them: written down, and a clinician paged."""

from datetime import datetime
from uuid import UUID

from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import RecoveryState, TaskKind
from services.discharge.store.recoveries import find
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.happened import happened_at
from services.discharge.use_cases.leave import leave
from services.discharge.use_cases.raise_task import page_clinician
from services.discharge.use_cases.turns import require_live
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


def record_leaving_against_advice(
    uow: UnitOfWork, session_id: UUID, *, reason: str | None, left_at: datetime | None, book: RuleBook, now: datetime
) -> RecoveryRow:
    """Raises NotFound, WrongState, Invalid."""
    row = find(uow.session, session_id, uow.actor, to_change=True)
    require_live(row)
    at = happened_at(left_at, pointer="/left_at", not_before=row.administration_started_at, now=now)
    row.left_reason = reason
    page_clinician(uow, row, TaskKind.LEFT_AGAINST_ADVICE, reference="left", now=now)
    leave(uow, row, RecoveryState.LEFT_AGAINST_ADVICE, left_at=at, book=book, now=now)
    audit.wrote(
        uow, "left-against-advice", at=now, patient_id=row.patient_id, record_id=session_id, site_id=row.site_id
    )
    return row
