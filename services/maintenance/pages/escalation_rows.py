"""An escalation as a row: how bad, by when, who was called, what to do. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.maintenance.domain.escalations import EscalationState
from services.maintenance.domain.policies.escalation import EscalationRules
from services.maintenance.pages.escalation_words import KINDS, KindWords
from services.maintenance.store.tables import EscalationRow
from shared.web.pages.words import span

_WORST_FIRST = list(KINDS)
_SOON = timedelta(hours=1)


class Group(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Show(StrEnum):
    """What the counts on top filter by."""

    ALL = "all"
    OVERDUE = "overdue"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Line:
    """`due` says how long is left, or since when it is overdue; `called` who on call was called, and who is next."""

    row: EscalationRow
    words: KindWords
    group: Group
    edge: str
    due: str
    overdue: bool
    called: str
    filled: bool

    @property
    def id(self) -> str:
        return f"row-{self.row.escalation_id}"


def in_order(rows: Iterable[EscalationRow], rules: EscalationRules, *, now: datetime) -> list[Line]:
    """The worst kind first; of one kind the one due first. Resolved ones: the latest first."""
    lines = [line_of(row, rules, now=now) for row in rows]
    resolved = [line for line in lines if line.group is Group.RESOLVED]
    others = [line for line in lines if line.group is not Group.RESOLVED]
    others.sort(key=lambda line: (_WORST_FIRST.index(line.row.kind), line.row.due_at))
    resolved.sort(key=lambda line: line.row.resolved_at or line.row.raised_at, reverse=True)
    return others + resolved


def line_of(row: EscalationRow, rules: EscalationRules, *, now: datetime) -> Line:
    words, group = KINDS[row.kind], Group(row.state.value)
    overdue = row.state is EscalationState.OPEN and row.due_at <= now
    return Line(
        row=row,
        words=words,
        group=group,
        edge="" if group is Group.RESOLVED else "stop" if overdue or words.tone == "stop" else words.tone,
        due=_due(row, now) if group is Group.OPEN else "",
        overdue=overdue,
        called=_called(row, rules) if group is Group.OPEN else "",
        filled=group is Group.OPEN and row.due_at - now <= _SOON,
    )


def shown(line: Line, show: Show) -> bool:
    match show:
        case Show.ALL:
            return True
        case Show.OVERDUE:
            return line.overdue
        case _:
            return str(line.group) == show


def _due(row: EscalationRow, now: datetime) -> str:
    if row.due_at > now:
        return f"in {span(row.due_at - now)}"
    # rounded down: nothing is said to be later than it is
    late = timedelta(minutes=(now - row.due_at) // timedelta(minutes=1))
    return f"overdue by {span(late)}" if late else "now"


def _called(row: EscalationRow, rules: EscalationRules) -> str:
    if row.call_place is None:
        return ""
    told = f"Called: {rules.on_call[row.call_place].replace('-', ' ')}"
    further = row.call_place + 1
    if row.next_call_at is not None and further < len(rules.on_call):
        return f"{told}; next {rules.on_call[further].replace('-', ' ')}"
    return f"{told}; nobody further is called"
