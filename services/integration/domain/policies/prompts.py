"""When the four prompts fall due, and what becomes of one that is late. Source: docs/clinical/prompts.md."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from services.integration.domain.prompts import PlannedPrompt, PromptKind
from services.integration.domain.window import Window


@dataclass(frozen=True, slots=True)
class PromptRules:
    """`…_after` is elapsed from the end of administration. Prompts are allowed from `allowed_from` to `allowed_until`
    local time, both inclusive."""

    now_after: timedelta = timedelta(hours=2)
    themes_after: timedelta = timedelta(hours=24)
    step_after: timedelta = timedelta(hours=48)
    did_it_happen_after: timedelta = timedelta(hours=70)
    allowed_from: time = time(8)
    allowed_until: time = time(21)
    source: str = "docs/clinical/prompts.md"

    def __post_init__(self) -> None:
        order = (timedelta(), self.now_after, self.themes_after, self.step_after, self.did_it_happen_after)
        if any(later < earlier for earlier, later in pairwise(order)):
            raise ValueError("prompts follow each other, none before the end of administration")
        if not self.allowed_from < self.allowed_until:
            raise ValueError("prompts are allowed from a time of day until a later one")


class Sending(StrEnum):
    SEND = "send"
    WAIT = "wait"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class SendingDecision:
    """What to do with a prompt whose time has come; `wait_until` is set when it has to wait, and only then."""

    verdict: Sending
    wait_until: datetime | None = None


def plan_prompts(
    administration_ended_at: datetime, left_at: datetime, zone: ZoneInfo, window: Window, rules: PromptRules
) -> tuple[PlannedPrompt, ...]:
    """All four prompts of a session, in UTC.

    `zone` is where the patient sleeps tonight. The first prompt waits for the patient to have left and, in quiet hours,
    for the next morning. The others keep to the window: the nearest allowed instant inside it, the earlier on a tie.
    """
    first = max(administration_ended_at + rules.now_after, left_at)
    inside = {
        PromptKind.THEMES: administration_ended_at + rules.themes_after,
        PromptKind.STEP: administration_ended_at + rules.step_after,
        PromptKind.DID_IT_HAPPEN: administration_ended_at + rules.did_it_happen_after,
    }
    return (
        PlannedPrompt(PromptKind.NOW, next_allowed(first, zone, rules)),
        *(PlannedPrompt(kind, _nearest_allowed(at, zone, window, rules)) for kind, at in inside.items()),
    )


def decide_sending(*, closes_at: datetime, zone: ZoneInfo, rules: PromptRules, now: datetime) -> SendingDecision:
    """Decide what to do at `now` with a prompt that is due and unsent.

    A worker that wakes late sends late, but never in quiet hours and never once the window has closed (`closes_at`
    itself still counts): what can't be sent by then is missed.
    """
    allowed_at = next_allowed(now, zone, rules)
    if allowed_at > closes_at:
        return SendingDecision(Sending.MISSED)
    if allowed_at > now:
        return SendingDecision(Sending.WAIT, allowed_at)
    return SendingDecision(Sending.SEND)


def next_allowed(instant: datetime, zone: ZoneInfo, rules: PromptRules) -> datetime:
    """`instant` itself when it is allowed, else the start of the next allowed hours, in UTC."""
    for start, end in _allowed_hours(instant, instant, zone, rules):
        if instant <= end:
            return max(start, instant)
    raise AssertionError("every day has allowed hours")  # pragma: no cover - the day after is always among them


def _nearest_allowed(wanted: datetime, zone: ZoneInfo, window: Window, rules: PromptRules) -> datetime:
    """The allowed instant inside `window` that lies nearest to `wanted`, the earlier of two.

    A window too narrow to hold any allowed instant keeps `wanted`, moved to its nearer end; sending then decides.
    """
    candidates = []
    for start, end in _allowed_hours(window.opens_at, window.closes_at, zone, rules):
        first, last = max(start, window.opens_at), min(end, window.closes_at)
        if first <= last:
            candidates.append(min(max(wanted, first), last))
    if not candidates:
        return min(max(wanted, window.opens_at), window.closes_at)
    return min(candidates, key=lambda instant: (abs(instant - wanted), instant))


def _allowed_hours(
    first: datetime, last: datetime, zone: ZoneInfo, rules: PromptRules
) -> list[tuple[datetime, datetime]]:
    """The allowed hours of each local day, in UTC and in order: from the day before `first` to the one after `last`."""
    day = first.astimezone(zone).date() - timedelta(days=1)
    end = last.astimezone(zone).date() + timedelta(days=1)
    hours = []
    while day <= end:
        hours.append((_local(day, rules.allowed_from, zone), _local(day, rules.allowed_until, zone)))
        day += timedelta(days=1)
    return hours


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    # through UTC: arithmetic between two instants of one zone would count wall-clock hours, not elapsed ones
    return datetime.combine(day, at, zone).astimezone(UTC)
