"""Record a suicide-risk check: a rating that a person made, never one that the software makes."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.discharge.domain.states import SuicideRiskOutcome
from services.discharge.store.recoveries import count_of, find
from services.discharge.store.tables import RecoveryRow, SuicideRiskCheckRow
from services.discharge.use_cases.happened import happened_at
from services.discharge.use_cases.turns import require_live
from shared.kernel.ids import new_id
from shared.kernel.people import Role
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def record_suicide_risk_check(
    uow: UnitOfWork,
    session_id: UUID,
    outcome: SuicideRiskOutcome,
    *,
    performed_at: datetime | None,
    check_version: Callable[[int], None],
    now: datetime,
) -> RecoveryRow:
    """Keep one more check; the row shows the last recorded. Which of them counts is the release policy's matter.

    Raises NotFound, WrongState, Invalid, and what `check_version` raises for the recovery's version.
    """
    row = find(uow.session, session_id, uow.actor, to_change=True)
    check_version(row.version)
    require_live(row)
    at = happened_at(performed_at, pointer="/performed_at", not_before=row.administration_started_at, now=now)
    uow.session.add(
        SuicideRiskCheckRow(
            check_id=new_id(),
            session_id=session_id,
            number=count_of(uow.session, SuicideRiskCheckRow, session_id) + 1,
            performed_at=at,
            outcome=outcome,
            by_prescriber=uow.actor.has(Role.PRESCRIBER, Role.MEDICAL_DIRECTOR),
            recorded_at=now,
            recorded_by=uow.actor.subject,
        )
    )
    row.suicide_risk_outcome = outcome
    row.suicide_risk_performed_at = at
    touch(row, now=now)
    audit.wrote(
        uow, "suicide-risk-check-recorded", at=now, patient_id=row.patient_id, record_id=session_id, site_id=row.site_id
    )
    uow.session.flush()
    return row
