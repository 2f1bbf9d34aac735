"""A task of integration as a row of the To do page: what it is, what to do next, how it ended. Pure."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from services.integration.domain.task import OUTCOMES, TaskKind, TaskOutcome, TaskState
from services.integration.pages.window_rows import CARE, session_words
from services.integration.store.tables import TaskRow, WindowRow
from shared.web.pages.todo import Group, Kind, Line, ended
from shared.web.pages.words import colleague

_KINDS = {
    TaskKind.CONTACT_REQUESTED: Kind(
        "Wants to talk to someone",
        "They asked for it in a journal. Call them, or see that a clinician does today.",
        "phone-call",
        Group.NOW,
    ),
    TaskKind.NO_KAP_IN_WINDOW: Kind(
        "No psychotherapy in the window", "Offer them a time with their therapist.", "calendar-plus", Group.THIS_WEEK
    ),
}
WORST_FIRST = list(_KINDS)
_OUTCOMES = {
    TaskOutcome.SPOKE_WITH_PATIENT: "Spoke with the patient",
    TaskOutcome.PASSED_ON: "A clinician took it on",
    TaskOutcome.TIME_OFFERED: "Offered a time",
    TaskOutcome.BOOKED: "Booked a time",
    TaskOutcome.DECLINED: "They don’t want one",
}


def line_of(task: TaskRow, window: WindowRow, roles: Collection[str], *, zone: ZoneInfo, now: datetime) -> Line:
    kind = _KINDS[task.kind]
    how = None if task.outcome is None else _OUTCOMES[task.outcome]
    to_window = (f"/integration/windows?open={task.session_id}", "To the window")
    return Line(
        task_id=task.task_id,
        patient_id=task.patient_id,
        group=kind.group if task.state is TaskState.OPEN else Group.DONE,
        session=session_words(window, zone, now).capitalize(),
        words=kind.words,
        glyph=kind.glyph,
        raised_at=task.raised_at,
        asks=kind.asks,
        link=to_window if not CARE.isdisjoint(roles) else None,
        outcomes=[(outcome, _OUTCOMES[outcome]) for outcome in OUTCOMES[task.kind]],
        ended=ended(how, colleague(task.done_by_name, task.done_by), task.done_at, zone=zone, now=now),
    )
