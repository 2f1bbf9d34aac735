"""A named clinician lets a patient go: allowed only when the criteria were met at leaving and are met now."""

from datetime import datetime
from uuid import UUID

from services.discharge.domain.policies.release import decide_release_at
from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import RecoveryState
from services.discharge.store.recoveries import chart_of, find
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.happened import happened_at
from services.discharge.use_cases.leave import leave
from services.discharge.use_cases.turns import require_live
from shared.kernel.errors import Refused
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


def release_patient(
    uow: UnitOfWork, session_id: UUID, *, left_at: datetime | None, book: RuleBook, now: datetime
) -> RecoveryRow:
    """Release, and publish discharge-cleared.

    Raises NotFound, WrongState, Invalid, and Refused with every unmet criterion.
    """
    row = find(uow.session, session_id, uow.actor, to_change=True)
    require_live(row)
    at = happened_at(left_at, pointer="/left_at", not_before=row.administration_started_at, now=now)
    rules = book.release(row.site_id, row.product)
    decision = decide_release_at(chart_of(uow.session, row), rules, left_at=at, now=now)
    if not decision.met:
        raise Refused(
            "The criteria for leaving are not met. Settle what is listed, or record that the patient left against "
            "advice.",
            code="release-refused",
            decision=decision,
        )
    leave(uow, row, RecoveryState.RELEASED, left_at=at, book=book, now=now)
    audit.wrote(uow, "patient-released", at=now, patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    return row
