"""The desk takes the outcome of a call back: slips happen at a busy desk."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.calls import TaskAnswer
from services.intake.domain.policies.undo import may_undo
from services.intake.domain.rules import IntakeRules
from services.intake.store import calls, patients
from services.intake.store.tables import BoosterCallRow
from services.intake.use_cases import reach
from services.intake.use_cases.booster_turns import written
from services.intake.use_cases.change_phone import change_phone
from shared.kernel.errors import Conflict, WrongState
from shared.store.unit_of_work import UnitOfWork


def undo_booster_outcome(uow: UnitOfWork, booster_id: UUID, *, rules: IntakeRules, now: datetime) -> BoosterCallRow:
    """Take the last outcome back: what it asked of a colleague, and the number it changed, with it.

    Raises WrongState when there is none, Conflict `too-late` after `rules.undo.within`, `answered` when the colleague
    has acted on it.
    """
    row = reach.booster_to_change(uow, booster_id)
    call = calls.contact_of(uow.session, booster_id).last
    if call is None:
        raise WrongState("There is no outcome to take back.")
    if not may_undo(call.made_at, rules.undo, now=now):
        minutes = int(rules.undo.within.total_seconds() // 60)
        raise Conflict(f"It is more than {minutes} minutes ago: record another outcome instead.", code="too-late")
    task = calls.task_of_call(uow.session, call.call_id)
    if task is not None:
        if task.done_at is not None:
            raise Conflict("A colleague has acted on it: ask them.", code="answered")
        task.done_at, task.done_by, task.done_by_name = now, uow.actor.subject, uow.actor.name
        task.answer = TaskAnswer.TAKEN_BACK
    patient = patients.by_id(uow.session, row.patient_id)
    if patient is not None and call.phone_before and call.phone_after and patient.phone == call.phone_after:
        change_phone(uow, patient, call.phone_before, reason="outcome of a call taken back", now=now)
    call.undone_at, call.undone_by = now, uow.actor.subject
    written(uow, "booster-call-undone", row, now=now)
    return call
