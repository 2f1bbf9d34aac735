"""Ten minutes to take a slip back, the tenth included."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain.policies.undo import UndoRules, may_undo

_DONE = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "may"),
    [
        (timedelta(0), True),
        (timedelta(minutes=9, seconds=59), True),
        (timedelta(minutes=10), True),
        (timedelta(minutes=10, microseconds=1), False),
        (timedelta(days=1), False),
    ],
    ids=["at once", "below", "at", "above", "the next day"],
)
def test_an_act_can_be_taken_back_for_ten_minutes(after: timedelta, may: bool) -> None:
    assert may_undo(_DONE, UndoRules(), now=_DONE + after) is may


def test_no_time_at_all_is_no_rule() -> None:
    with pytest.raises(ValueError, match="within must be above 0"):
        UndoRules(within=timedelta())
