"""When a chair may be booked, and when two sessions stand in each other's way.

Source: docs/clinical/booking.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.errors import FieldError


@dataclass(frozen=True, slots=True)
class Slot:
    """The half-open interval [starts_at, ends_at), in elapsed time: a daylight-saving night changes nothing."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Slot") -> bool:
        """Whether both hold some instant. One ending as the other starts doesn't count."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class BookingRules:
    """All limits inclusive. `max_behind` is for the walk-in whose session is entered after it began."""

    min_minutes: int = 15
    default_minutes: int = 180
    max_minutes: int = 720
    max_behind: timedelta = timedelta(hours=12)
    max_ahead: timedelta = timedelta(days=731)

    def __post_init__(self) -> None:
        if not 0 < self.min_minutes <= self.default_minutes <= self.max_minutes:
            raise ValueError("minutes must grow from min_minutes over default_minutes to max_minutes")
        if self.max_behind < timedelta() or self.max_ahead <= timedelta():
            raise ValueError("max_behind and max_ahead can’t be negative")


def check_slot(
    starts_at: datetime, duration_minutes: int, rules: BookingRules, *, now: datetime
) -> tuple[FieldError, ...]:
    """What is wrong with the wish for a chair from `starts_at` for `duration_minutes`."""
    found = []
    if starts_at < now - rules.max_behind:
        hours = int(rules.max_behind.total_seconds() // 3600)
        found.append(FieldError("/starts_at", f"Must not be more than {hours} h ago."))
    if starts_at > now + rules.max_ahead:
        found.append(FieldError("/starts_at", f"Must not be more than {rules.max_ahead.days} days ahead."))
    if not rules.min_minutes <= duration_minutes <= rules.max_minutes:
        found.append(FieldError("/duration_minutes", f"Must be {rules.min_minutes} to {rules.max_minutes} minutes."))
    return tuple(found)


def slot_of(starts_at: datetime, duration_minutes: int) -> Slot:
    return Slot(starts_at, starts_at + timedelta(minutes=duration_minutes))
