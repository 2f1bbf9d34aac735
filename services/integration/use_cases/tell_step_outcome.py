"""Records whether an action step happened."""

from datetime import datetime, timedelta
from uuid import UUID

from services.integration.domain.step import StepOutcome, StepState
from services.integration.store.tables import ActionStepRow
from services.integration.use_cases.visible import action_step_for, window_for
from shared.kernel.errors import FieldError, Invalid, WrongState
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork

_AHEAD = timedelta(minutes=2)


def tell_step_outcome(
    uow: UnitOfWork, action_step_id: UUID, outcome: StepOutcome, *, happened_at: datetime | None, now: datetime
) -> ActionStepRow:
    """Record the outcome, once. `happened_at` is from the end of the session's administration to 2 minutes ahead.

    Raises NotFound, WrongState when the outcome was already told, and Invalid.
    """
    row = action_step_for(uow, action_step_id, lock=True)
    if row.state is not StepState.PLANNED:
        raise WrongState("The outcome of this step was already told.")
    at = happened_at or now
    earliest = window_for(uow, row.session_id).administration_ended_at
    if not earliest <= at <= now + _AHEAD:
        raise Invalid(FieldError("/happened_at", "Must lie after the session and at most 2 minutes ahead of now."))
    row.state, row.happened_at = outcome.state, at
    touch(row, now=now)
    audit.wrote(
        uow,
        "action-step-outcome-told",
        at=now,
        patient_id=row.patient_id,
        record_id=row.action_step_id,
        site_id=row.site_id,
    )
    return row
