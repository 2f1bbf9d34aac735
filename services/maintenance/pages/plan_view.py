"""A plan as a card: one fact, the interval on its scale, the rule in full, and what prescribers set. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.maintenance.domain.plan import PlanState
from services.maintenance.domain.policies.ladder import LadderRules
from services.maintenance.domain.policies.overriding import OverrideState
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import overrides
from services.maintenance.store.tables import OverrideRow, PlanChangeRow
from services.maintenance.use_cases.read_plan import PlanPicture
from shared.store.sealing import Sealer
from shared.web.pages.words import colleague, count, long_day

_STATES = {
    OverrideState.AWAITING_CONFIRMATION: ("warn", "alert-triangle", "Waits for a second prescriber"),
    OverrideState.IN_FORCE: ("ok", "circle-check", "In force"),
    OverrideState.SUPERSEDED: ("wait", "history", "Replaced"),
    OverrideState.EXPIRED: ("wait", "history", "Expired"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A mark on the scale: percent of the width, and its day count."""

    percent: float
    days: int


@dataclass(frozen=True, slots=True)
class Scale:
    """28 to 90 days as a line: `before` is the interval so far, None when it is the first or the same."""

    shortest: int
    longest: int
    now: Point
    before: Point | None
    words: str


@dataclass(frozen=True, slots=True)
class OverrideCard:
    """Who ordered, who confirmed: a name, or "you". `own`: the reader ordered it, so somebody else must confirm it."""

    override_id: UUID
    interval_days: int
    reason: str
    expires_on: date
    ordered_by: str
    ordered_at: datetime
    confirmed_by: str
    tone: str
    glyph: str
    state: str
    waits: bool
    stands: bool
    own: bool


@dataclass(frozen=True, slots=True)
class PlanCard:
    """`tone` and `chip` are empty when nothing is out of the ordinary; `takes_override`: an interval can be set."""

    fact: str
    second: str
    tone: str
    glyph: str
    chip: str
    scale: Scale | None
    explanation: str
    policy_version: str
    overrides: tuple[OverrideCard, ...]
    earlier: tuple[OverrideCard, ...]
    takes_override: bool


def plan_card(picture: PlanPicture, rules: MaintenanceRules, *, sealer: Sealer, reader: str, today: date) -> PlanCard:
    """`today` is the site's day; `reader` is the subject who looks."""
    plan = picture.plan
    before = _interval_before(picture.history, plan.interval_days)
    fact, second = _fact(picture, before, today)
    tone, glyph, chip = _chip(plan.state, plan.due_on, today)
    told = [_override(row, state, sealer, reader) for row, state in picture.overrides]
    return PlanCard(
        fact=fact,
        second=second,
        tone=tone,
        glyph=glyph,
        chip=chip,
        scale=None if plan.interval_days is None else _scale(plan.interval_days, before, rules.ladder),
        explanation=plan.explanation[:1].upper() + plan.explanation[1:],
        policy_version=plan.policy_version,
        overrides=tuple(one for one in reversed(told) if one.waits or one.stands),
        earlier=tuple(one for one in reversed(told) if not (one.waits or one.stands)),
        takes_override=plan.cycle > 0,
    )


def due_words(due_on: date, today: date) -> str:
    """ "in 56 days", "today", "12 days overdue"."""
    days = (due_on - today).days
    if days < 0:
        return f"{count(-days, 'day')} overdue"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def _fact(picture: PlanPicture, before: int | None, today: date) -> tuple[str, str]:
    plan = picture.plan
    interval = "" if plan.interval_days is None else f"Interval {plan.interval_days} days"
    interval += f", was {before}." if interval and before is not None else "." if interval else ""
    if plan.state is PlanState.HOLD:
        return "On hold", "No booster until a person has resolved the escalation that holds it."
    if plan.due_on is not None:
        year = "" if plan.due_on.year == today.year else f" {plan.due_on.year}"
        return f"{long_day(plan.due_on)}{year}, {due_words(plan.due_on, today)}", interval
    if plan.state is PlanState.REVIEW:
        return "No day yet", "A prescriber decides: the ladder sets no interval here."
    planned = None if picture.course is None else picture.course.planned_sessions
    done = f"{plan.sessions_done} of {planned}" if planned else str(plan.sessions_done)
    return f"In induction, {done} sessions done", "The first interval is set after the last planned session."


def _chip(state: PlanState, due_on: date | None, today: date) -> tuple[str, str, str]:
    match state:
        case PlanState.HOLD:
            return "stop", "player-pause", "Boosters on hold"
        case PlanState.REVIEW:
            return "warn", "alert-triangle", "Prescriber review"
    if due_on is not None and due_on < today:
        return "warn", "alert-triangle", f"Booster {due_words(due_on, today)}"
    return "", "", ""


def _interval_before(history: Sequence[PlanChangeRow], days: int | None) -> int | None:
    """The last interval that was another one."""
    if days is None:
        return None
    return next((c.interval_days for c in reversed(history) if c.interval_days not in (None, days)), None)


def _scale(days: int, before: int | None, rules: LadderRules) -> Scale:
    words = f"The interval is {days} days on a scale from {rules.shortest_days} to {rules.longest_days}"
    words += f"; it was {before}." if before is not None else "."
    return Scale(
        shortest=rules.shortest_days,
        longest=rules.longest_days,
        now=_point(days, rules),
        before=None if before is None else _point(before, rules),
        words=words,
    )


def _point(days: int, rules: LadderRules) -> Point:
    # what a prescriber set outside the scale stands at its end; the number says what it is
    inside = min(max(days, rules.shortest_days), rules.longest_days)
    share = (inside - rules.shortest_days) / (rules.longest_days - rules.shortest_days)
    return Point(round(3 + share * 94, 2), days)


def _override(row: OverrideRow, state: OverrideState, sealer: Sealer, reader: str) -> OverrideCard:
    def by(subject: str | None, name: str | None) -> str:
        return "you" if subject == reader else colleague(name, subject)

    tone, glyph, words = _STATES[state]
    return OverrideCard(
        override_id=row.override_id,
        interval_days=row.interval_days,
        reason=sealer.open_text(row.reason_sealed, bound_to=overrides.reason_place(row.override_id)),
        expires_on=row.expires_on,
        ordered_by=by(row.ordered_by, row.ordered_by_name),
        ordered_at=row.ordered_at,
        confirmed_by=by(row.confirmed_by, row.confirmed_by_name),
        tone=tone,
        glyph=glyph,
        state=words,
        waits=state is OverrideState.AWAITING_CONFIRMATION,
        stands=state is OverrideState.IN_FORCE,
        own=row.ordered_by == reader,
    )
