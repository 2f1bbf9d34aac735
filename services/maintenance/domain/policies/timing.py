"""How far from now something may be said to have happened. Source: docs/clinical/assessments.md."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.errors import FieldError


@dataclass(frozen=True, slots=True)
class TimingRules:
    """Elapsed spans, inclusive: `ahead` allows for clocks that differ, `back` for forms filled in at home."""

    ahead: timedelta = timedelta(minutes=2)
    back: timedelta = timedelta(hours=24)
    source: str = "docs/clinical/assessments.md"

    def __post_init__(self) -> None:
        if self.ahead < timedelta() or self.back < timedelta():
            raise ValueError("ahead and back are spans of time, not negative")


def complaints_about_taken_at(
    taken_at: datetime, rules: TimingRules, *, now: datetime, session_started_at: datetime | None
) -> tuple[FieldError, ...]:
    """Why a questionnaire can't have been taken then: `back` counts from the patient's latest session, or from now."""
    if taken_at > now + rules.ahead:
        return (FieldError("/taken_at", "Lies more than 2 minutes ahead of now."),)
    anchor = now if session_started_at is None else min(now, session_started_at)
    if taken_at < anchor - rules.back:
        return (FieldError("/taken_at", "Lies more than 24 hours before the latest session (before now without one)."),)
    return ()
