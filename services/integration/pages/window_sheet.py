"""What opens under a window's row: the drawing, the journals to read, psychotherapy and small steps."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.integration.deps import Deps
from services.integration.domain.kap import KapState
from services.integration.domain.policies.sharing import reach_of
from services.integration.domain.step import StepState
from services.integration.pages.window import READS_TALKS, Readable, Talk, drawing_of, readable_of, talks_of, told_talks
from services.integration.pages.window_drawing import Drawing
from services.integration.store import action_steps, windows
from services.integration.store.tables import ActionStepRow, WindowRow
from shared.web import context


@dataclass(frozen=True, slots=True)
class Step:
    row: ActionStepRow
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """`talks` is None for a reader who may not see appointments. `unread`: journals not shared with this reader."""

    row: WindowRow
    drawing: Drawing
    patient_zone: ZoneInfo
    journals: list[Readable]
    unread: int
    talks: list[Talk] | None
    steps: list[Step]
    form: str


_STEPS = {
    StepState.PLANNED: "planned",
    StepState.DONE: "done",
    StepState.PARTLY: "partly done",
    StepState.NOT_DONE: "not done",
}


def sheet_of(row: WindowRow, *, form: str) -> Sheet:
    """For the reader of this request; what they read is entered in the patient's audit."""
    session, now, actor = context.uow().session, context.now(), context.actor()
    around = windows.around(session, [row.session_id])[row.session_id]
    talks = [talk for talk in talks_of(row.patient_id) if talk.session_id == row.session_id]
    journals = readable_of(row)
    context.audit_read("window-read", patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id)
    return Sheet(
        row=row,
        drawing=drawing_of(row, around, [talk for talk in talks if talk.state is not KapState.CANCELLED], now),
        patient_zone=ZoneInfo(row.time_zone),
        journals=journals,
        unread=sum(around.journals.values()) - len(journals),
        talks=told_talks(talks, now) if actor.has(*READS_TALKS) else None,
        steps=_steps(row),
        form=form,
    )


def _steps(row: WindowRow) -> list[Step]:
    actor, sealer = context.actor(), context.deps(Deps).sealer
    asked = action_steps.within(
        reach_of(actor), sites=actor.sites, patient_id=row.patient_id, session_id=row.session_id
    )
    found = sorted(context.uow().session.scalars(asked), key=lambda step: step.added_at)
    if found:
        context.audit_read(
            "action-steps-read", patient_id=row.patient_id, record_id=row.patient_id, site_id=row.site_id
        )
    return [Step(step, action_steps.text_of(step, sealer), _STEPS[step.state]) for step in found]
