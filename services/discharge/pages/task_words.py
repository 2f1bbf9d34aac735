"""A task of discharge as a row of the To do page: what it is, what to do next, how it ended. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.discharge.domain.states import LIVE, TaskKind, TaskOutcome
from services.discharge.store.tables import RecoveryRow, TaskRow
from shared.web.pages.todo import Group, Kind, Line, ended
from shared.web.pages.words import colleague, moment

_KINDS = {
    TaskKind.EMERGENCY: Kind(
        "Emergency",
        "Go to the patient. A prescriber confirms on the recovery board that they know.",
        "alert-octagon",
        Group.NOW,
    ),
    TaskKind.RELEASE_IN_QUESTION: Kind(
        "Release in question",
        "Corrected times would have refused this release. Look at the chart and call the patient.",
        "alert-triangle",
        Group.NOW,
    ),
    TaskKind.LEFT_AGAINST_ADVICE: Kind(
        "Left against advice",
        "Call the patient: how they are, who is with them, and no driving.",
        "door-exit",
        Group.NOW,
    ),
    TaskKind.LASTING_SYMPTOMS: Kind(
        "Symptoms past 4 hours",
        "A clinician looks: symptoms last, or nobody charted that they don’t.",
        "stethoscope",
        Group.NOW,
    ),
    TaskKind.SLEEP_UNCONFIRMED: Kind(
        "No word on sleep",
        "Call the patient and record their word. Until then the driving restriction stays.",
        "moon",
        Group.TODAY,
    ),
}
WORST_FIRST = list(_KINDS)
_OUTCOMES = {
    TaskOutcome.SPOKE_WITH_PATIENT: "Spoke with the patient",
    TaskOutcome.SAW_PATIENT: "Saw the patient here",
    TaskOutcome.PASSED_ON: "A prescriber took it on",
    TaskOutcome.SETTLED_ALREADY: "It was settled already",
}


def line_of(task: TaskRow, recovery: RecoveryRow, *, zone: ZoneInfo, now: datetime) -> Line:
    kind = _KINDS[task.kind]
    how = None if task.outcome is None else _OUTCOMES[task.outcome]
    return Line(
        task_id=task.task_id,
        patient_id=task.patient_id,
        group=kind.group if task.done_at is None else Group.DONE,
        session=f"{recovery.chair_name}, session {moment(recovery.administration_started_at, zone, now)}",
        words=kind.words,
        glyph=kind.glyph,
        raised_at=task.raised_at,
        asks=_since(task, recovery, zone, now) or kind.asks,
        link=_link(task, recovery),
        outcomes=list(_OUTCOMES.items()),
        ended=ended(how, colleague(task.done_by_name, task.done_by), task.done_at, zone=zone, now=now),
    )


def _since(task: TaskRow, recovery: RecoveryRow, zone: ZoneInfo, now: datetime) -> str:
    """What has happened since that leaves little to do; empty when nothing has."""
    if task.kind is TaskKind.EMERGENCY and not recovery.open_emergencies:
        return "A prescriber has seen it since. Look whether anything is left to do."
    if task.kind is TaskKind.SLEEP_UNCONFIRMED and recovery.restriction_ended_at is not None:
        return f"Their word has come: the driving restriction ended {moment(recovery.restriction_ended_at, zone, now)}."
    return ""


def _link(task: TaskRow, recovery: RecoveryRow) -> tuple[str, str]:
    if recovery.state in LIVE or (task.kind is TaskKind.EMERGENCY and recovery.open_emergencies):
        return f"/discharge/recovery?open={task.session_id}", "To the chart"
    return f"/intake/patients/{task.patient_id}", "To the patient"
