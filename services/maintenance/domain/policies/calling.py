"""When the desk is told to call for a booster, and when that word is taken back. Source: docs/clinical/ladder.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.maintenance.domain.plan import Plan, PlanState, Standing


@dataclass(frozen=True, slots=True)
class CallingRules:
    """The desk is told `lead_days` calendar days ahead of the due day, at the start of that day at the site."""

    lead_days: int = 14
    source: str = "docs/clinical/ladder.md"

    def __post_init__(self) -> None:
        if self.lead_days < 0:
            raise ValueError("lead_days must be 0 or more")


class CallState(StrEnum):
    DUE = "due"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"


class CallReason(StrEnum):
    """Operational only: what the front desk may know."""

    INTERVAL_SET = "interval-set"
    INTERVAL_KEPT = "interval-kept"
    INTERVAL_CHANGED = "interval-changed"
    OVERRIDDEN = "overridden"
    ON_HOLD = "on-hold"


@dataclass(frozen=True, slots=True)
class Call:
    """What the desk is told about a cycle."""

    cycle: int
    due_on: date
    interval_days: int
    reason: CallReason
    state: CallState


def calls_to_make(
    today: date, plan: Plan, standing: Standing, said: Sequence[Call], rules: CallingRules
) -> tuple[Call, ...]:
    """What has to be said now, given what was `said` last of each cycle; nothing when all of it still holds.

    A hold is said at once, however far away the due day is. A cycle that was never announced is never taken back.
    """
    wanted = _wanted(today, plan, standing, rules)
    calls = [_closing(call, plan) for call in said if wanted is None or call.cycle != wanted.cycle]
    last = next((call for call in said if wanted is not None and call.cycle == wanted.cycle), None)
    if wanted is not None and (last is None or not _says_the_same(last, wanted)):
        calls.append(wanted)
    return tuple(call for call in calls if call is not None)


def announce_on(plan: Plan, rules: CallingRules) -> date | None:
    """The site's day on which this cycle is to be announced; None when nothing is due."""
    if plan.due_on is None or plan.state is PlanState.HOLD:
        return None
    return plan.due_on - timedelta(days=rules.lead_days)


def _wanted(today: date, plan: Plan, standing: Standing, rules: CallingRules) -> Call | None:
    if plan.due_on is None or plan.interval_days is None:
        return None
    if plan.state is PlanState.HOLD:
        return Call(plan.cycle, plan.due_on, plan.interval_days, CallReason.ON_HOLD, CallState.HELD)
    if today < plan.due_on - timedelta(days=rules.lead_days):
        return None
    return Call(plan.cycle, plan.due_on, plan.interval_days, _reason(plan, standing), CallState.DUE)


def _closing(call: Call, plan: Plan) -> Call | None:
    """What becomes of a cycle that isn't the one to call for: given already, or no longer due."""
    state = CallState.FULFILLED if call.cycle < plan.cycle else CallState.WITHDRAWN
    if call.state is state:
        return None
    return Call(call.cycle, call.due_on, call.interval_days, call.reason, state)


def _reason(plan: Plan, standing: Standing) -> CallReason:
    if plan.override is not None:
        return CallReason.OVERRIDDEN
    if standing.step is None or standing.step.previous_days is None:
        return CallReason.INTERVAL_SET
    if standing.step.previous_days == standing.step.days:
        return CallReason.INTERVAL_KEPT
    return CallReason.INTERVAL_CHANGED


def _says_the_same(last: Call, wanted: Call) -> bool:
    return (last.due_on, last.interval_days, last.state) == (wanted.due_on, wanted.interval_days, wanted.state)
