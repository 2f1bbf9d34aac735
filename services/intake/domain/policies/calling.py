"""When a patient is called again, and how far a call may be put off.

Source: docs/clinical/booster-calls.md.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.intake.domain.boosters import BoosterState
from services.intake.domain.calls import NEEDS_REASON, OFF_STATES, REASONS, CallOutcome, CallReason, Standing
from shared.kernel.errors import FieldError
from shared.kernel.sites import Site


@dataclass(frozen=True, slots=True)
class CallRules:
    """Days are the site's calendar days after today. `furthest_days`, inclusive, is how far ahead a call back or the
    end of a snooze may lie; `held_for`, inclusive, how long a row says that somebody is calling."""

    again_after_no_answer_days: int = 2
    again_after_message_days: int = 3
    furthest_days: int = 28
    held_for: timedelta = timedelta(minutes=5)

    def __post_init__(self) -> None:
        if not 0 < self.again_after_no_answer_days <= self.again_after_message_days <= self.furthest_days:
            raise ValueError("days must grow from no answer over message to the furthest")
        if self.held_for <= timedelta():
            raise ValueError("held_for must be above 0")


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """What came of a call. `call_back_at` and `phone` belong to the outcomes that ask for them."""

    outcome: CallOutcome
    reason: CallReason | None = None
    call_back_at: datetime | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Calling:
    """How the calls for a cycle stand. `settled_due_on`: taken off the list while it was due on that day."""

    state: BoosterState
    due_on: date
    call_from: datetime | None = None
    colleague_asked: bool = False
    settled_due_on: date | None = None
    snoozed_until: date | None = None


def check_word(word: Word, rules: CallRules, *, site: Site, now: datetime) -> tuple[FieldError, ...]:
    """What an outcome lacks, or says that belongs to another."""
    found = []
    fitting = REASONS.get(word.outcome, ())
    if word.reason is None and word.outcome in NEEDS_REASON:
        found.append(FieldError("/reason", "Choose the reason."))
    if word.reason is not None and word.reason not in fitting:
        found.append(FieldError("/reason", "This reason doesn’t belong to this outcome."))
    if word.outcome is CallOutcome.CALL_BACK_LATER:
        found += _call_back(word.call_back_at, rules, site=site, now=now)
    elif word.call_back_at is not None:
        found.append(FieldError("/call_back_at", "Only for a call back later."))
    if word.phone is not None and word.outcome is not CallOutcome.WRONG_NUMBER:
        found.append(FieldError("/phone", "Only for a wrong number."))
    return tuple(found)


def check_snooze(until: date, rules: CallRules, *, today: date) -> tuple[FieldError, ...]:
    if until <= today:
        return (FieldError("/until", "Choose a day after today."),)
    if until > today + timedelta(days=rules.furthest_days):
        return (FieldError("/until", f"Choose a day at most {rules.furthest_days} days ahead."),)
    return ()


def call_from(word: Word, rules: CallRules, *, site: Site, now: datetime) -> datetime | None:
    """From when on to call again: the start of a day of the site, or the given time; None for at once."""
    match word.outcome:
        case CallOutcome.NO_ANSWER:
            days = rules.again_after_no_answer_days
        case CallOutcome.LEFT_MESSAGE:
            days = rules.again_after_message_days
        case CallOutcome.CALL_BACK_LATER:
            return word.call_back_at
        case _:
            return None
    start, _ = site.day_bounds(site.local_day(now) + timedelta(days=days))
    return start


def standing_of(calling: Calling, *, today: date, now: datetime) -> Standing:
    """Where the cycle stands at `now`. A hold says more than anything at the desk; nothing leaves without a word."""
    if calling.state in OFF_STATES:
        return Standing.OFF
    if calling.state is BoosterState.HELD:
        return Standing.HELD
    if calling.settled_due_on == calling.due_on:
        return Standing.OFF
    if calling.colleague_asked:
        return Standing.WITH_COLLEAGUE
    if calling.snoozed_until is not None and today < calling.snoozed_until:
        return Standing.SNOOZED
    if calling.call_from is not None and now < calling.call_from:
        return Standing.CALL_LATER
    return Standing.TO_CALL


def _call_back(at: datetime | None, rules: CallRules, *, site: Site, now: datetime) -> tuple[FieldError, ...]:
    if at is None:
        return (FieldError("/call_back_at", "Say when to call back."),)
    if at <= now:
        return (FieldError("/call_back_at", "Must lie ahead."),)
    if site.local_day(at) > site.local_day(now) + timedelta(days=rules.furthest_days):
        return (FieldError("/call_back_at", f"Must be at most {rules.furthest_days} days ahead."),)
    return ()
