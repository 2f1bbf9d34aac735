"""Record what was observed at one moment."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.discharge.domain.observation import Observation
from services.discharge.domain.policies.standing import emergency_signs
from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import TaskKind
from services.discharge.store.charting import keep_observation
from services.discharge.store.read_model import keep_vitals, vitals_of
from services.discharge.store.tables import EmergencyRow
from services.discharge.store.watched import Watched, keep_watched, lock_watched
from services.discharge.use_cases.happened import happened_at
from services.discharge.use_cases.raise_task import page_clinician
from services.discharge.use_cases.turns import require_live
from services.discharge.use_cases.upkeep import keep_watch
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


def record_observation(
    uow: UnitOfWork,
    session_id: UUID,
    charted: Observation,
    *,
    observed_at: datetime | None,
    book: RuleBook,
    now: datetime,
) -> tuple[Watched, dict[str, Any]]:
    """Add `charted` to the recovery, and give back the observation's columns; its observed_at and number are set here.

    An emergency sign pages a clinician in the same transaction. Raises NotFound, WrongState, Invalid.
    """
    recovery = lock_watched(uow.connection, session_id, uow.actor)
    require_live(recovery)
    at = happened_at(observed_at, pointer="/observed_at", not_before=recovery.administration_started_at, now=now)
    recovery.observation_count += 1
    observation = replace(charted, observed_at=at, number=recovery.observation_count)
    kept = keep_observation(
        uow.connection, observation, session_id=session_id, recorded_at=now, recorded_by=uow.actor.subject
    )
    keep_vitals(recovery, vitals_of(recovery).with_observation(observation))
    signs = emergency_signs(observation, book.release(recovery.site_id, recovery.product))
    if signs:
        recovery.open_emergencies += 1
        uow.session.add(
            EmergencyRow(
                emergency_id=new_id(),
                session_id=session_id,
                observation_id=observation.observation_id,
                number=observation.number,
                observed_at=at,
                signs=[sign.value for sign in signs],
            )
        )
        page_clinician(uow, recovery, TaskKind.EMERGENCY, reference=str(observation.number), now=now)
    keep_watch(recovery, book)
    recovery.updated_at = now
    keep_watched(uow.connection, recovery)
    audit.wrote(
        uow,
        "observation-recorded",
        at=now,
        patient_id=recovery.patient_id,
        record_id=session_id,
        site_id=recovery.site_id,
    )
    return recovery, kept
