"""What people do from the windows board: end a task, book psychotherapy, say whether it and small steps happened."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from marshmallow import Schema

from services.integration.api.schemas import LONGEST_APPOINTMENT_MINUTES, LONGEST_STEP, AttendanceBody, StepOutcomeBody
from services.integration.deps import Deps
from services.integration.domain.journal import Sharing
from services.integration.domain.kap import KapPhase, Modality
from services.integration.domain.task import TaskOutcome
from services.integration.pages.windows import render
from services.integration.use_cases.add_action_step import AddActionStep, add_action_step
from services.integration.use_cases.book_kap_appointment import BookKapAppointment, book_kap_appointment
from services.integration.use_cases.finish_task import finish_task
from services.integration.use_cases.settle_kap_appointment import cancel_kap_appointment, record_attendance
from services.integration.use_cases.tell_step_outcome import tell_step_outcome
from services.integration.use_cases.visible import action_step_for, appointment_for, task_for, window_for
from shared.web import context
from shared.web.fields import Body, Choice, Instant, Text, Whole
from shared.web.pages.forms import Nothing, attempt, parsed
from shared.web.pages.page import zone

blueprint = Blueprint("window_acts", __name__, template_folder="templates")


class Booking(Body):
    """The API's appointment without what the window itself says."""

    starts_at = Instant(required=True, error_messages={"required": "Say when it starts."})
    duration_minutes = Whole(5, LONGEST_APPOINTMENT_MINUTES, load_default=50)
    modality = Choice(Modality, load_default=Modality.IN_PERSON)


class Ended(Body):
    outcome = Choice(TaskOutcome, load_default=None)


class NewStep(Body):
    text = Text(LONGEST_STEP, required=True)
    minutes = Whole(0, 1440, required=True)
    sharing = Choice(Sharing, load_default=Sharing.THERAPIST)


@blueprint.post("/windows/tasks/<uuid:task_id>/done")
def done(task_id: UUID) -> Response:
    session_id = task_for(context.uow(), task_id).session_id

    def act() -> None:
        finish_task(context.uow(), task_id, outcome=_typed(Ended)["outcome"], now=context.now())

    return _act(act, None, "task", refused_at=session_id)


@blueprint.post("/windows/<uuid:session_id>/appointments")
def book(session_id: UUID) -> Response:
    row = window_for(context.uow(), session_id)

    def act() -> None:
        booking = BookKapAppointment(
            patient_id=row.patient_id,
            session_id=session_id,
            site_id=None,
            phase=KapPhase.INTEGRATION,
            **_typed(Booking),
        )
        book_kap_appointment(context.uow(), booking, now=context.now())

    return _act(act, session_id, "booked", form="book")


@blueprint.post("/windows/appointments/<uuid:appointment_id>/attendance")
def attend(appointment_id: UUID) -> Response:
    row = appointment_for(context.uow(), appointment_id)

    def act() -> None:
        record_attendance(context.uow(), appointment_id, _typed(AttendanceBody)["attendance"], now=context.now())

    return _act(act, row.session_id, "attendance", form=f"talk-{appointment_id}")


@blueprint.post("/windows/appointments/<uuid:appointment_id>/cancel")
def cancel(appointment_id: UUID) -> Response:
    row = appointment_for(context.uow(), appointment_id)

    def act() -> None:
        _typed(Nothing)
        cancel_kap_appointment(context.uow(), appointment_id, now=context.now())

    return _act(act, row.session_id, "cancelled", form=f"talk-{appointment_id}")


@blueprint.post("/windows/<uuid:session_id>/steps")
def add_step(session_id: UUID) -> Response:
    row = window_for(context.uow(), session_id)

    def act() -> None:
        deps = context.deps(Deps)
        step = AddActionStep(patient_id=row.patient_id, session_id=session_id, **_typed(NewStep))
        add_action_step(context.uow(), step, rules=deps.rules.steps, sealer=deps.sealer, now=context.now())

    return _act(act, session_id, "step", form="step")


@blueprint.post("/windows/steps/<uuid:action_step_id>/outcome")
def tell_outcome(action_step_id: UUID) -> Response:
    row = action_step_for(context.uow(), action_step_id)

    def act() -> None:
        told = _typed(StepOutcomeBody)
        tell_step_outcome(
            context.uow(), action_step_id, told["outcome"], happened_at=told["happened_at"], now=context.now()
        )

    return _act(act, row.session_id, "outcome", form=f"step-{action_step_id}")


def _act(
    act: Callable[[], None], opened: UUID | None, said: str, *, form: str = "", refused_at: UUID | None = None
) -> Response:
    """Back to the board with the window `opened`; refused, with that one, or `refused_at` when the row was closed."""

    def acted() -> str:
        act()
        return f"/integration/windows?done={said}" + (f"&open={opened}" if opened else "")

    return attempt(acted, again=lambda typed: render(typed, opened=opened or refused_at, form=form))


def _typed(schema: type[Schema]) -> dict[str, Any]:
    return parsed(schema, zone=zone(), now=context.now())
