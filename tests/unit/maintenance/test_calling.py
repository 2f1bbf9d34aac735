"""What the desk is told of a cycle: once, 14 days ahead, and taken back when it no longer holds."""

import pytest

from services.maintenance.domain.policies.calling import Call, CallingRules, CallReason, CallState, calls_to_make
from tests.unit.maintenance.story import Story, day

_RULES = CallingRules()


class Desk:
    """Remembers what it was told last of each cycle."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.said: dict[int, Call] = {}

    def hears(self, on: int) -> list[tuple[int, str]]:
        """(cycle, state) of each call made on that day."""
        calls = calls_to_make(
            day(on), self.story.plan(day=on), self.story.standing(), tuple(self.said.values()), _RULES
        )
        self.said |= {call.cycle: call for call in calls}
        return [(call.cycle, call.state.value) for call in calls]


@pytest.fixture
def desk() -> Desk:
    """B 18, s 4 after the only planned session on day 0: due on day 42."""
    story = Story()
    story.scores(18, day=-1)
    story.induction(day=0)
    story.scores(4, day=0.1)
    return Desk(story)


@pytest.mark.parametrize(("on", "heard"), [(27, []), (28, [(1, "due")]), (29, [(1, "due")]), (60, [(1, "due")])])
def test_a_booster_is_called_for_14_days_ahead(desk: Desk, on: int, heard: list[tuple[int, str]]) -> None:
    assert desk.hears(on) == heard


def test_it_is_called_for_once(desk: Desk) -> None:
    assert [len(desk.hears(on)) for on in range(20, 60)].count(1) == 1


def test_a_hold_is_told_at_once_however_far_the_day(desk: Desk) -> None:
    risky = desk.story.scores(6, day=5, item_9=2)
    assert desk.hears(5) == [(1, "held")]
    assert desk.said[1].reason is CallReason.ON_HOLD
    assert desk.hears(30) == []
    desk.story.resolves(risky, day=31)
    assert desk.hears(31) == [(1, "due")]


def test_a_hold_that_ends_before_its_time_is_withdrawn_until_then(desk: Desk) -> None:
    risky = desk.story.scores(6, day=5, item_9=2)
    desk.hears(5)
    desk.story.resolves(risky, day=6)
    assert desk.hears(6) == [(1, "withdrawn")]
    assert desk.hears(28) == [(1, "due")]


def test_a_booster_fulfils_its_cycle_and_starts_the_next(desk: Desk) -> None:
    desk.hears(28)
    desk.story.scores(4, day=41)
    desk.story.booster(day=42, cycle=1)
    assert desk.hears(42) == [(1, "fulfilled")]
    assert desk.hears(42 + 56 - 14) == [(2, "due")]
    assert desk.said[2].reason is CallReason.INTERVAL_CHANGED


def test_a_booster_that_nobody_called_for_ends_its_cycle_in_silence(desk: Desk) -> None:
    desk.story.booster(day=10)
    assert desk.hears(10) == []


def test_an_earlier_day_is_told_again(desk: Desk) -> None:
    desk.hears(28)
    desk.story.scores(14, day=29)
    assert desk.hears(29) == [(1, "due")]
    assert desk.said[1].due_on == day(28)


def test_a_later_day_takes_the_call_back(desk: Desk) -> None:
    desk.hears(28)
    desk.story.overrides(80, until_day=200)
    assert desk.hears(29) == [(1, "withdrawn")]
    assert desk.hears(80 - 14) == [(1, "due")]
    assert desk.said[1].reason is CallReason.OVERRIDDEN


def test_a_booster_entered_in_error_reopens_its_cycle(desk: Desk) -> None:
    desk.hears(28)
    mistaken = desk.story.booster(day=30, cycle=1)
    assert desk.hears(30) == [(1, "fulfilled")]
    desk.hears(60)
    assert desk.said[2].state is CallState.DUE
    desk.story.in_error(mistaken)
    assert sorted(desk.hears(60)) == [(1, "due"), (2, "withdrawn")]


def test_going_back_to_induction_takes_the_call_back(desk: Desk) -> None:
    desk.hears(28)
    desk.story.replanned(2)
    assert desk.hears(29) == [(1, "withdrawn")]


def test_reasons_are_operational(desk: Desk) -> None:
    desk.hears(28)
    assert desk.said[1].reason is CallReason.INTERVAL_SET
    desk.story.booster(day=42)
    desk.hears(42 + 30)
    assert desk.said[2].reason is CallReason.INTERVAL_KEPT


def test_a_negative_lead_is_refused() -> None:
    with pytest.raises(ValueError, match="lead_days"):
        CallingRules(lead_days=-1)
