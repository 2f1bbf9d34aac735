"""What is raised, by when a person must act, who is called next. Source: docs/clinical/escalation.md."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.instruments import Instrument


@dataclass(frozen=True, slots=True)
class EscalationRules:
    """Spans are elapsed time from raising. Answers are those of the item about death or suicide, inclusive limits.

    `on_call` is who is called in turn, by role at the site; after the last nobody further is called, and the escalation
    stays open and overdue.
    """

    review_from_answer: int = 1
    urgent_from_answer: int = 2
    urgent_within: timedelta = timedelta(minutes=15)
    next_on_call_after: timedelta = timedelta(minutes=15)
    review_within: timedelta = timedelta(hours=24)
    contact_within: timedelta = timedelta(hours=24)
    prescriber_review_within: timedelta = timedelta(days=7)
    score_awaited_for: timedelta = timedelta(days=7)
    on_call: tuple[str, ...] = ("prescriber-on-call", "second-prescriber-on-call", "medical-director")
    source: str = "docs/clinical/escalation.md"

    def __post_init__(self) -> None:
        if not 1 <= self.review_from_answer <= self.urgent_from_answer <= 3:
            raise ValueError("answers run from 1 to 3, the urgent one not below the other")
        if not self.on_call:
            raise ValueError("somebody must be on call")
        spans = (self.urgent_within, self.next_on_call_after, self.review_within, self.contact_within)
        if any(span <= timedelta() for span in spans):
            raise ValueError("people need time to act: spans are longer than nothing")


def raised_by_answer(suicide_answer: int | None, rules: EscalationRules) -> EscalationKind | None:
    """What an answer to the item about death or suicide raises; a form without the item raises nothing."""
    if suicide_answer is None or suicide_answer < rules.review_from_answer:
        return None
    if suicide_answer < rules.urgent_from_answer:
        return EscalationKind.SUICIDE_RISK_REVIEW
    return EscalationKind.SUICIDE_RISK


def holds_plan(instrument: Instrument, suicide_answer: int | None, rules: EscalationRules) -> bool:
    """Whether boosters go on hold: PHQ-9 item 9 at the urgent answer or above. Other forms call people, not holds."""
    return instrument is Instrument.PHQ_9 and raised_by_answer(suicide_answer, rules) is EscalationKind.SUICIDE_RISK


def due_at(kind: EscalationKind, raised_at: datetime, rules: EscalationRules) -> datetime:
    """The instant by which a person must have acted."""
    match kind:
        case EscalationKind.SUICIDE_RISK:
            return raised_at + rules.urgent_within
        case EscalationKind.SUICIDE_RISK_REVIEW:
            return raised_at + rules.review_within
        case EscalationKind.CONTACT_REQUESTED:
            return raised_at + rules.contact_within
        case EscalationKind.PRESCRIBER_REVIEW | EscalationKind.WORSENING_REVIEW | EscalationKind.RELAPSE:
            return raised_at + rules.prescriber_review_within


@dataclass(frozen=True, slots=True)
class Calling:
    """Who has been called: place in `on_call` from 0. `next_at` is None when nobody further will be called."""

    place: int
    next_at: datetime | None


def first_call(kind: EscalationKind, raised_at: datetime, rules: EscalationRules) -> Calling | None:
    """Who is called when an escalation is raised; None for those that wait in the list."""
    if kind is not EscalationKind.SUICIDE_RISK:
        return None
    return _calling(0, raised_at, rules)


def next_call(place: int, due: datetime, rules: EscalationRules, *, now: datetime) -> Calling:
    """Who is called at `now` when `place` let the `due` instant (inclusive) pass unacknowledged.

    After a jump of the clock everyone whose turn has passed counts as called.
    """
    last = len(rules.on_call) - 1
    while due <= now and place < last:
        place += 1
        due += rules.next_on_call_after
    return Calling(place, due if place < last else None)


def _calling(place: int, called_at: datetime, rules: EscalationRules) -> Calling:
    more = place < len(rules.on_call) - 1
    return Calling(place, called_at + rules.next_on_call_after if more else None)
