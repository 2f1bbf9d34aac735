"""The window is counted in elapsed hours, and both of its ends belong to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.integration.domain.policies.window import WindowRules, oldest_entry, window_after
from services.integration.domain.window import Window, WindowPosition, WindowState

ENDED = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WINDOW = window_after(ENDED, WindowRules())

AROUND = [
    pytest.param(timedelta(hours=24) - SECOND, WindowState.UPCOMING, WindowPosition.EARLY, id="a second before 24 h"),
    pytest.param(timedelta(hours=24), WindowState.OPEN, WindowPosition.IN_WINDOW, id="exactly 24 h"),
    pytest.param(timedelta(hours=48), WindowState.OPEN, WindowPosition.IN_WINDOW, id="in the middle"),
    pytest.param(timedelta(hours=72), WindowState.OPEN, WindowPosition.IN_WINDOW, id="exactly 72 h"),
    pytest.param(timedelta(hours=72) + SECOND, WindowState.CLOSED, WindowPosition.LATE, id="a second after 72 h"),
]


@pytest.mark.parametrize(("after", "state", "position"), AROUND)
def test_both_ends_belong_to_the_window(after: timedelta, state: WindowState, position: WindowPosition) -> None:
    assert WINDOW.state(now=ENDED + after) is state
    assert WINDOW.position(ENDED + after) is position
    assert WINDOW.holds(ENDED + after) is (position is WindowPosition.IN_WINDOW)


@pytest.mark.parametrize(("after", "_", "position"), AROUND)
def test_a_withdrawn_window_is_closed_at_any_time_and_still_says_where_an_entry_falls(
    after: timedelta, _: WindowState, position: WindowPosition
) -> None:
    withdrawn = replace(WINDOW, withdrawn_at=ENDED)
    assert withdrawn.state(now=ENDED + after) is WindowState.CLOSED
    assert withdrawn.position(ENDED + after) is position


def test_the_window_is_elapsed_time_through_the_spring_night() -> None:
    """New York loses an hour on 8 March 2026; the window doesn't."""
    assert timedelta(hours=24) == WINDOW.opens_at - ENDED
    assert timedelta(hours=48) == WINDOW.closes_at - WINDOW.opens_at


def test_an_entry_may_be_a_day_older_than_the_end_of_administration() -> None:
    assert oldest_entry(ENDED, WindowRules()) == ENDED - timedelta(hours=24)


@pytest.mark.parametrize(
    "bad",
    [
        {"opens_after": timedelta(hours=72)},
        {"opens_after": timedelta(hours=-1)},
        {"closes_after": timedelta(hours=24)},
        {"oldest_entry": timedelta(seconds=-1)},
    ],
)
def test_rules_that_make_no_window_are_refused(bad: dict[str, timedelta]) -> None:
    with pytest.raises(ValueError, match=r"."):
        WindowRules(**bad)  # type: ignore[arg-type]


def test_a_window_cannot_close_before_it_opens() -> None:
    with pytest.raises(ValueError, match="before it closes"):
        Window(opens_at=ENDED, closes_at=ENDED)
