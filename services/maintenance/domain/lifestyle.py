"""A week's lifestyle as the patient counts it: days moved, nights slept well, days eaten well. It informs people only.

Source: docs/clinical/assessments.md.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.kernel.errors import FieldError

DAYS_A_WEEK = 7
_MONDAY = 0
_WEEKS_BACK = 4


@dataclass(frozen=True, slots=True)
class Week:
    """Counts of 0 to 7, None when not told. `starts_on` is a Monday."""

    starts_on: date
    active_days: int | None
    restful_nights: int | None
    balanced_days: int | None


def week_of(day: date) -> date:
    """The Monday of `day`'s week."""
    return day - timedelta(days=day.weekday())


def weeks_open(today: date) -> list[date]:
    """The Mondays of the weeks that may still be told of, newest first; `today` is the site's day."""
    return [week_of(today) - timedelta(weeks=back) for back in range(_WEEKS_BACK + 1)]


def complaints_about(week: Week, *, today: date) -> tuple[FieldError, ...]:
    """Why this week can't be kept; `today` is the site's day."""
    if week.starts_on.weekday() != _MONDAY:
        return (FieldError("/week_starts_on", "Must be a Monday."),)
    if week.starts_on not in weeks_open(today):
        return (FieldError("/week_starts_on", f"Must be this week or one of the {_WEEKS_BACK} before it."),)
    if week.active_days is None and week.restful_nights is None and week.balanced_days is None:
        return (FieldError("/active_days", "Tell at least one of active days, restful nights and balanced days."),)
    return ()
