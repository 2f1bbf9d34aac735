"""Keeps a small step that a patient wants to take after a session."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.integration.domain.journal import Sharing
from services.integration.domain.policies.steps import StepRules
from services.integration.domain.step import StepState
from services.integration.store import action_steps
from services.integration.store.tables import ActionStepRow
from services.integration.use_cases.visible import window_for
from shared.kernel.errors import FieldError, Invalid
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.sealing import Sealer
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AddActionStep:
    patient_id: UUID
    session_id: UUID
    text: str
    minutes: int
    sharing: Sharing


def add_action_step(
    uow: UnitOfWork, step: AddActionStep, *, rules: StepRules, sealer: Sealer, now: datetime
) -> ActionStepRow:
    """Keep the step. Raises NotFound (no such window for this caller) and Invalid (too long, or staff's own secret)."""
    window = window_for(uow, step.session_id, patient_id=step.patient_id, lock=True)
    if not rules.allows(step.minutes):
        raise Invalid(FieldError("/minutes", f"Must be 1 to {rules.longest_minutes}."))
    if step.sharing is Sharing.PRIVATE and not uow.actor.is_portal:
        raise Invalid(FieldError("/sharing", "Only the patient can keep a step private."))
    action_step_id = new_id()
    row = ActionStepRow(
        action_step_id=action_step_id,
        session_id=window.session_id,
        patient_id=window.patient_id,
        site_id=window.site_id,
        sealed_text=action_steps.sealed(step.text, action_step_id, sealer),
        minutes=step.minutes,
        sharing=step.sharing,
        state=StepState.PLANNED,
        added_at=now,
        updated_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    audit.wrote(
        uow, "action-step-added", at=now, patient_id=row.patient_id, record_id=action_step_id, site_id=row.site_id
    )
    return row
