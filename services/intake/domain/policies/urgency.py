"""Whom to call first for a booster.

Source: docs/clinical/booster-worklist.md.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Urgency(StrEnum):
    """Named by the fewest days overdue in it, most urgent first."""

    OVERDUE_30 = "overdue-30"
    OVERDUE_8 = "overdue-8"
    OVERDUE_1 = "overdue-1"
    DUE_SOON = "due-soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class UrgencyRules:
    """Whole days at the site. Overdue by up to `week_days` is `overdue-1`, up to `month_days` `overdue-8`, more is
    `overdue-30`; due today or within `soon_days` is `due-soon`. All inclusive."""

    week_days: int = 7
    month_days: int = 30
    soon_days: int = 14

    def __post_init__(self) -> None:
        if not 0 < self.week_days < self.month_days or self.soon_days < 0:
            raise ValueError("week_days must lie below month_days, soon_days not below 0")


def urgency_of(due_on: date, rules: UrgencyRules, *, today: date) -> Urgency:
    overdue = days_overdue(due_on, today=today)
    if overdue > rules.month_days:
        return Urgency.OVERDUE_30
    if overdue > rules.week_days:
        return Urgency.OVERDUE_8
    if overdue > 0:
        return Urgency.OVERDUE_1
    return Urgency.DUE_SOON if -overdue <= rules.soon_days else Urgency.LATER


def days_overdue(due_on: date, *, today: date) -> int:
    """Days since the due day; 0 on it, negative before."""
    return (today - due_on).days
