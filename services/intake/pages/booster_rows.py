"""A line of the boosters to call as a caller reads it: how urgent, what happened last, what to do next. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.intake.domain.calls import CallOutcome, Standing, TaskAnswer, TaskKind
from services.intake.domain.policies.calling import CallRules
from services.intake.domain.policies.urgency import Urgency
from services.intake.pages.booster_words import contact_source, contact_words, overdue_words
from services.intake.pages.today_rows import PRODUCT_WORDS
from services.intake.use_cases.show_boosters import BoosterLine
from shared.web.pages.words import clock, count, day


class Group(StrEnum):
    """In the list's order."""

    OVERDUE_30 = "overdue-30"
    OVERDUE_8 = "overdue-8"
    OVERDUE_1 = "overdue-1"
    DUE_SOON = "due-soon"
    LATER = "later"
    COLLEAGUE = "colleague"
    HELD = "held"
    SNOOZED = "snoozed"


class Step(StrEnum):
    """What the row offers."""

    CALL = "call"
    READ = "read"
    BRING_BACK = "bring-back"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Desk:
    """What words depend on beside the line: where, when, by which rules."""

    zone: ZoneInfo
    today: date
    now: datetime
    rules: CallRules


@dataclass(frozen=True, slots=True)
class BoosterListRow:
    """`edge` and `tone` repeat how overdue; `also` is a third line on the last outcome; `wanted`: a call asked for at
    a time that has come."""

    line: BoosterLine
    group: Group
    edge: str
    urgency: str
    due: str
    session: str
    product: str
    calls: str
    last: str
    source: str
    also: str
    step: Step
    wanted: bool
    calling: str

    @property
    def id(self) -> str:
        return f"row-{self.line.row.booster_id}"

    @property
    def name(self) -> str:
        patient = self.line.patient
        return f"{patient.given_name} {patient.family_name}" if patient else "Not registered here"

    @property
    def folds(self) -> bool:
        """Nothing to do here now."""
        return self.line.standing is not Standing.TO_CALL

    @property
    def rank(self) -> tuple[bool, date, str]:
        """Within the group: who may be called now first, then by due day."""
        return (self.line.standing is Standing.CALL_LATER, self.line.row.due_on, self.line.row.booster_id.hex)


_GROUP_OF = {
    Urgency.OVERDUE_30: Group.OVERDUE_30,
    Urgency.OVERDUE_8: Group.OVERDUE_8,
    Urgency.OVERDUE_1: Group.OVERDUE_1,
    Urgency.DUE_SOON: Group.DUE_SOON,
    Urgency.LATER: Group.LATER,
}
_NOT_TO_CALL = {
    Standing.HELD: (Group.HELD, Step.NONE),
    Standing.SNOOZED: (Group.SNOOZED, Step.BRING_BACK),
    Standing.WITH_COLLEAGUE: (Group.COLLEAGUE, Step.READ),
}
_EDGES = {Group.OVERDUE_30: "stop", Group.OVERDUE_8: "warn", Group.OVERDUE_1: "warn"}
_ASKED = {
    TaskKind.TALK: "A clinician calls today",
    TaskKind.DECLINED: "The prescriber is told",
    TaskKind.LEAVING: "The medical director confirms",
}


def booster_row(line: BoosterLine, desk: Desk) -> BoosterListRow:
    group, step = _place(line)
    return BoosterListRow(
        line=line,
        group=group,
        edge=_EDGES.get(group, ""),
        urgency=overdue_words(line.days_overdue),
        due=day(line.row.due_on),
        session=f"Booster {line.row.cycle}",
        product=PRODUCT_WORDS[line.course.product] if line.course else "",
        calls=count(line.contact.calls, "call") if line.contact.calls else "none",
        last=contact_words(line, desk.zone, desk.today),
        source=contact_source(line, desk.zone),
        also=_also(line, desk),
        step=step,
        wanted=_wanted(line),
        calling=_calling(line, desk),
    )


def group_of(line: BoosterLine) -> Group:
    return _place(line)[0]


def _place(line: BoosterLine) -> tuple[Group, Step]:
    return _NOT_TO_CALL.get(line.standing, (_GROUP_OF[line.urgency or Urgency.LATER], Step.CALL))


def _wanted(line: BoosterLine) -> bool:
    last = line.contact.last
    return (
        line.standing is Standing.TO_CALL
        and last is not None
        and last.outcome is CallOutcome.CALL_BACK_LATER
        and (line.contact.task is None)
    )


def _also(line: BoosterLine, desk: Desk) -> str:
    last, task = line.contact.last, line.contact.task
    if line.standing is Standing.SNOOZED and line.snoozed_until is not None:
        return f"Back on the list {day(line.snoozed_until)}"
    if line.standing is Standing.WITH_COLLEAGUE and task is not None:
        return _ASKED[task.kind]
    if line.standing is Standing.HELD or last is None:
        return ""
    if task is not None and task.answer is TaskAnswer.CALL_AGAIN and task.done_at is not None:
        return f"{task.done_by_name}, {day(task.done_at, desk.zone)}: call again"
    if line.standing is Standing.CALL_LATER and last.call_from is not None:
        again = last.call_from.astimezone(desk.zone)
        if last.outcome is CallOutcome.CALL_BACK_LATER:
            return ""
        return "Call again tomorrow" if (again.date() - desk.today).days == 1 else f"Call again {day(again)}"
    return "Call now" if _wanted(line) else ""


def _calling(line: BoosterLine, desk: Desk) -> str:
    caller = line.contact.caller
    if caller is None or desk.now - caller.opened_at > desk.rules.held_for:
        return ""
    if line.standing not in (Standing.TO_CALL, Standing.CALL_LATER):
        return ""
    return f"{caller.opened_by_name} is calling, since {clock(caller.opened_at, desk.zone)}"
