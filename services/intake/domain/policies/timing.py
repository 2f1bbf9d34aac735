"""How far ahead and how far back the instant of something that happened may lie.

Source: docs/clinical/charting-times.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake.domain.sessions import Administration
from shared.kernel.errors import FieldError


@dataclass(frozen=True, slots=True)
class TimingRules:
    """`max_ahead` lets two machines' clocks differ; `max_back` is from the session's start. Both inclusive."""

    max_ahead: timedelta = timedelta(minutes=2)
    max_back: timedelta = timedelta(hours=24)

    def __post_init__(self) -> None:
        if self.max_ahead < timedelta() or self.max_back <= timedelta():
            raise ValueError("max_ahead and max_back can’t be negative")


def check_happened(
    pointer: str, at: datetime, *, starts_at: datetime, rules: TimingRules, now: datetime
) -> tuple[FieldError, ...]:
    """What is wrong with `at` as the instant of something that happened around a session that starts at `starts_at`.

    A session that is still ahead counts as starting now: today's word about Monday's ride can be charted today.
    """
    if at > now + rules.max_ahead:
        return (FieldError(pointer, f"Must not be more than {_minutes(rules.max_ahead)} minutes ahead of now."),)
    if at < min(starts_at, now) - rules.max_back:
        hours = int(rules.max_back.total_seconds() // 3600)
        return (FieldError(pointer, f"Must not be more than {hours} h before the session’s start."),)
    return ()


def check_administration(
    administration: Administration, *, starts_at: datetime, rules: TimingRules, now: datetime
) -> tuple[FieldError, ...]:
    """Both instants are possible, and the end isn't before the start; one instant for both is fine."""
    found = [
        *check_happened(
            "/administration_started_at", administration.started_at, starts_at=starts_at, rules=rules, now=now
        ),
        *check_happened("/administration_ended_at", administration.ended_at, starts_at=starts_at, rules=rules, now=now),
    ]
    if administration.ended_at < administration.started_at:
        found.append(FieldError("/administration_ended_at", "Must not be before administration_started_at."))
    return tuple(found)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
