"""What a prescriber may set in place of the ladder, and when a second one must agree.

Source: docs/clinical/ladder.md.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.kernel.errors import FieldError


@dataclass(frozen=True, slots=True)
class OverrideRules:
    """Days, all inclusive: an override is `shortest_days` to `longest_days` long and expires within `expires_within`.

    Below `alone_from_days` a second, different prescriber confirms before it applies.
    """

    shortest_days: int = 1
    longest_days: int = 180
    alone_from_days: int = 28
    expires_within: timedelta = timedelta(days=366)
    source: str = "docs/clinical/ladder.md"

    def __post_init__(self) -> None:
        if not 0 < self.shortest_days <= self.alone_from_days <= self.longest_days:
            raise ValueError("shortest_days, alone_from_days and longest_days must rise, from 1")


class OverrideState(StrEnum):
    AWAITING_CONFIRMATION = "awaiting-confirmation"
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


def complaints_about(
    interval_days: int, expires_on: date, rules: OverrideRules, *, today: date
) -> tuple[FieldError, ...]:
    """Why this override can't be taken; `today` is the site's day."""
    complaints = []
    if not rules.shortest_days <= interval_days <= rules.longest_days:
        complaints.append(FieldError("/interval_days", f"Must be {rules.shortest_days} to {rules.longest_days}."))
    if expires_on < today:
        complaints.append(FieldError("/expires_on", "Lies before today at the site."))
    elif expires_on > today + rules.expires_within:
        complaints.append(FieldError("/expires_on", f"Must be within {rules.expires_within.days} days from today."))
    return tuple(complaints)


def needs_second(interval_days: int, rules: OverrideRules) -> bool:
    """Whether nothing applies until a second prescriber confirms."""
    return interval_days < rules.alone_from_days
