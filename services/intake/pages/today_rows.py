"""A line of today's board as the desk reads it: what stands, what is in the way, what to do next. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain

from services.intake.domain.policies.board import Light, Obstacle
from services.intake.domain.products import Product
from services.intake.domain.sessions import BEFORE_DOSE, IN_A_CHAIR, SessionKind, SessionState
from services.intake.domain.transport import Grown, TransportKind
from services.intake.use_cases.show_today import BoardLine
from shared.kernel.people import Role

# a filled button for what blocks something within the hour
_SOON = timedelta(hours=1)
_CHAIR_TAKEN = "chair-occupied"
PRODUCT_WORDS = {
    Product.KETAMINE_IV: "Ketamine IV",
    Product.KETAMINE_IM: "Ketamine IM",
    Product.KETAMINE_ORAL: "Ketamine oral",
    Product.ESKETAMINE_NASAL: "Esketamine nasal",
}
_STATE_WORDS = {
    SessionState.BOOKED: ("calendar-event", "Booked"),
    SessionState.ARRIVED: ("door-enter", "Arrived"),
    SessionState.STARTED: ("player-play", "Started"),
    SessionState.RECOVERING: ("armchair", "Recovering"),
    SessionState.LEFT: ("check", "Left"),
    SessionState.CANCELLED: ("x", "Cancelled"),
    SessionState.NO_SHOW: ("x", "Did not come"),
}


class Group(StrEnum):
    BEFORE = "before"
    CHAIR = "chair"
    DONE = "done"


class Show(StrEnum):
    """What the counts on top filter by."""

    ALL = "all"
    CANNOT_START = "cannot-start"
    BOOKED = "booked"
    ARRIVED = "arrived"
    STARTED = "started"
    RECOVERING = "recovering"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Step:
    """One next action. `does` "open" opens the row's sheet, "check-in" acts at once, "words" only says who is next."""

    words: str
    does: str
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    tone: str
    glyph: str
    words: str
    plain: bool


@dataclass(frozen=True, slots=True)
class TodayRow:
    """`edge` repeats the worst state ("stop", "warn", "ok", ""); `folds`: nothing to do here now."""

    line: BoardLine
    group: Group
    edge: str
    state_glyph: str
    state_words: str
    state_at: datetime | None
    session_words: str
    product_words: str
    chip: Chip | None
    escort: str
    in_the_way: str
    step: Step | None

    @property
    def id(self) -> str:
        return f"row-{self.line.row.session_id}"

    @property
    def folds(self) -> bool:
        return self.step is None or self.step.does == "words" or (self.step.does == "check-in" and not self.step.filled)


def today_row(line: BoardLine, *, roles: frozenset[Role], now: datetime) -> TodayRow:
    row, step = line.row, _step(line, roles, now=now)
    glyph, words = _STATE_WORDS[row.state]
    return TodayRow(
        line=line,
        group=_group(row.state),
        edge=_edge(line),
        state_glyph=glyph,
        state_words=words,
        state_at={
            SessionState.ARRIVED: row.arrived_at,
            SessionState.STARTED: row.started_at,
            SessionState.LEFT: row.left_at,
        }.get(row.state),
        session_words=_session_words(line),
        product_words=PRODUCT_WORDS[row.product],
        chip=_chip(line),
        escort=_escort(line),
        in_the_way=_in_the_way(line, step),
        step=step,
    )


def shown(row: TodayRow, show: Show) -> bool:
    match show:
        case Show.ALL:
            return True
        case Show.CANNOT_START:
            return cannot_start(row)
        case _:
            return str(row.line.row.state) == show


def cannot_start(row: TodayRow) -> bool:
    return row.in_the_way.startswith("Can’t start")


def _group(state: SessionState) -> Group:
    if state in IN_A_CHAIR:
        return Group.CHAIR
    return Group.BEFORE if state in BEFORE_DOSE else Group.DONE


def _edge(line: BoardLine) -> str:
    first = _first(line)
    if line.row.state not in BEFORE_DOSE or first is None or first.code == _CHAIR_TAKEN:
        return ""
    return "stop" if line.light is Light.RED or first.code == "on-hold" else "warn"


def _session_words(line: BoardLine) -> str:
    number = "" if line.number is None else f" {line.number}"
    if line.row.kind is SessionKind.BOOSTER:
        return f"Booster{number}"
    return f"Induction{number} of {line.row.planned_sessions}" if number else "Induction"


def _chip(line: BoardLine) -> Chip | None:
    known = line.transport
    if line.light is None or _group(line.row.state) is Group.DONE:
        return None
    if known is None:
        return Chip("stop", "alert-octagon", "Nobody named", False)
    if line.light is Light.RED:
        return Chip("stop", "alert-octagon", _minor_words(known.grown), False)
    if known.confirmed_at is None:
        return Chip("warn", "alert-triangle", "Not confirmed", False)
    if line.light is Light.AMBER:
        words = "No arrival time" if known.arrives_at is None else "Word too old"
        return Chip("warn", "alert-triangle", words, False)
    return Chip("ok", "circle-check", "Confirmed", True)


def _minor_words(grown: Grown) -> str:
    return "Not an adult" if grown is Grown.MINOR else "Age not known"


def _escort(line: BoardLine) -> str:
    known = line.transport
    if known is None or known.name is None:
        return ""
    if known.kind is TransportKind.CONTRACTED_RIDE or not known.relationship:
        return known.name
    return f"{known.name}, {known.relationship}"


def _in_the_way(line: BoardLine, step: Step | None) -> str:
    """The first thing in the way; what to do about it is said by the button, where there is one."""
    first = _first(line)
    if first is None:
        return ""
    acts = step is not None and step.does == "open"
    return f"{first.message.partition('. ')[0].rstrip('.')}." if acts else first.message


def _first(line: BoardLine) -> Obstacle | None:
    """What somebody can settle comes first; that a chair isn't free yet is news only of who already waits for it."""
    settled_by_us = (found for found in line.in_the_way if found.code != _CHAIR_TAKEN)
    waits = line.in_the_way if line.row.state is SessionState.ARRIVED else ()
    return next(chain(settled_by_us, waits), None)


def _step(line: BoardLine, roles: frozenset[Role], *, now: datetime) -> Step | None:
    """The one next act of this reader; words when it is somebody else's."""
    desk, nurse = not roles.isdisjoint({Role.FRONT_DESK, Role.NURSE}), Role.NURSE in roles
    if not desk:
        return None
    row = line.row
    soon = row.starts_at - now <= _SOON
    ours = [found.code for found in line.in_the_way if found.code != _CHAIR_TAKEN]
    match row.state:
        case SessionState.BOOKED | SessionState.ARRIVED if ours:
            return _clearing(ours[0], filled=soon)
        case SessionState.BOOKED:
            return Step("Check in", "check-in", filled=soon)
        case SessionState.ARRIVED:
            if line.in_the_way:
                return None  # what is in the way says who is next
            return Step("Start", "open", filled=True) if nurse else Step("Nurse next: start", "words")
        case SessionState.STARTED:
            return Step("Chart the dose", "open", filled=True) if nurse else Step("Nurse next: chart the dose", "words")
        case _:
            return None


def _clearing(code: str, *, filled: bool) -> Step:
    words = {
        "on-hold": "Ask clinician",
        "transport-missing": "Add way home",
        "transport-not-adult": "Find an adult",
        "transport-unconfirmed": "Call to confirm",
        "transport-stale": "Call to confirm",
        "arrival-unknown": "Add arrival",
    }
    return Step(words.get(code, "Open"), "open", filled)
