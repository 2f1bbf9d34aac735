"""Whom to call first, and what the desk sees of a cycle."""

from datetime import date, timedelta

import pytest

from services.intake.domain.boosters import Booking, BoosterState, PlanWord, state_of
from services.intake.domain.policies.urgency import Urgency, UrgencyRules, days_overdue, urgency_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("overdue", "urgency"),
    [
        (31, Urgency.OVERDUE_30),
        (30, Urgency.OVERDUE_8),
        (8, Urgency.OVERDUE_8),
        (7, Urgency.OVERDUE_1),
        (1, Urgency.OVERDUE_1),
        (0, Urgency.DUE_SOON),
        (-14, Urgency.DUE_SOON),
        (-15, Urgency.LATER),
    ],
)
def test_urgency_grows_with_the_days(overdue: int, urgency: Urgency) -> None:
    due_on = TODAY - timedelta(days=overdue)
    assert days_overdue(due_on, today=TODAY) == overdue
    assert urgency_of(due_on, UrgencyRules(), today=TODAY) is urgency


@pytest.mark.parametrize(
    ("word", "booking", "state"),
    [
        (PlanWord.DUE, Booking.NONE, BoosterState.DUE),
        (PlanWord.DUE, Booking.STANDS, BoosterState.BOOKED),
        (PlanWord.HELD, Booking.STANDS, BoosterState.HELD),
        (PlanWord.HELD, Booking.NONE, BoosterState.HELD),
        (PlanWord.WITHDRAWN, Booking.STANDS, BoosterState.WITHDRAWN),
        (PlanWord.FULFILLED, Booking.STANDS, BoosterState.FULFILLED),
    ],
)
def test_a_booking_shows_only_on_a_cycle_that_is_due(word: PlanWord, booking: Booking, state: BoosterState) -> None:
    assert state_of(word, booking) is state


def test_rules_refuse_limits_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="week_days"):
        UrgencyRules(week_days=30)
