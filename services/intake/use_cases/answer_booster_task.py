"""A colleague has seen to what a call asked of them: the desk calls again, or the cycle leaves the list."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.calls import TASK_ANSWERS, TASK_ROLES, TaskAnswer, TaskKind
from services.intake.store.tables import BoosterCallRow, BoosterTaskRow
from services.intake.use_cases import reach
from shared.kernel.errors import Conflict, FieldError, Forbidden, Invalid, WrongState
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def answer_booster_task(uow: UnitOfWork, task_id: UUID, answer: TaskAnswer, *, now: datetime) -> BoosterTaskRow:
    """Raises Forbidden when the task is another role's, Conflict `own-word` when whoever says that somebody has left
    would confirm it too, WrongState when it is answered already.

    Taken off the list, a cycle comes back with a new due day: maintenance has asked anew.
    """
    booster = reach.booster_to_change(uow, reach.booster_task(uow, task_id).booster_id)
    task = reach.booster_task(uow, task_id)
    uow.session.refresh(task)
    if uow.actor.roles.isdisjoint(TASK_ROLES[task.kind]):
        raise Forbidden("This task is another colleague’s.")
    if task.done_at is not None:
        raise WrongState("Somebody has already seen to this.")
    if answer not in TASK_ANSWERS[task.kind]:
        allowed = ", ".join(TASK_ANSWERS[task.kind])
        raise Invalid(FieldError("/answer", f"Must be one of: {allowed}."))
    if task.kind is TaskKind.LEAVING and answer is TaskAnswer.OFF_THE_LIST and _own_word(uow, task):
        raise Conflict("You recorded this yourself: somebody else confirms it.", code="own-word")
    task.done_at, task.done_by, task.done_by_name = now, uow.actor.subject, uow.actor.name
    task.answer = answer
    task.settled_due_on = booster.due_on if answer is TaskAnswer.OFF_THE_LIST else None
    touch(booster, now=now)
    uow.session.flush()
    audit.wrote(
        uow, "booster-task-answered", at=now, patient_id=task.patient_id, record_id=task_id, site_id=task.site_id
    )
    return task


def _own_word(uow: UnitOfWork, task: BoosterTaskRow) -> bool:
    call = uow.session.get(BoosterCallRow, task.call_id)
    return call is not None and call.made_by == uow.actor.subject
