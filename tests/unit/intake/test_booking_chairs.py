"""When a chair may be booked, and when two bookings stand in each other's way."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.policies.booking import BookingRules, Slot, check_slot, slot_of
from services.intake.domain.policies.planning import PlanningRules, check_planned

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
RULES = BookingRules()
SECOND = timedelta(seconds=1)
MINUTES = st.integers(0, 300)
LENGTHS = st.integers(1, 300)


def slot(start: int, length: int) -> Slot:
    return slot_of(NOW + timedelta(minutes=start), length)


@given(MINUTES, LENGTHS, MINUTES, LENGTHS)
def test_two_slots_overlap_when_they_share_a_minute(a: int, a_length: int, b: int, b_length: int) -> None:
    shared = set(range(a, a + a_length)) & set(range(b, b + b_length))
    assert slot(a, a_length).overlaps(slot(b, b_length)) is bool(shared)


@given(MINUTES, LENGTHS, MINUTES, LENGTHS)
def test_overlap_knows_no_order(a: int, a_length: int, b: int, b_length: int) -> None:
    one, other = slot(a, a_length), slot(b, b_length)
    assert one.overlaps(other) is other.overlaps(one)


@given(MINUTES, LENGTHS, LENGTHS)
def test_back_to_back_is_no_overlap(start: int, first: int, second: int) -> None:
    assert not slot(start, first).overlaps(slot(start + first, second))


@pytest.mark.parametrize(
    ("local", "ends_local"),
    [
        pytest.param(datetime(2026, 3, 8, 0, 30, tzinfo=NEW_YORK), "04:30", id="the night that loses an hour"),
        pytest.param(datetime(2026, 11, 1, 0, 30, tzinfo=NEW_YORK), "02:30", id="the night that gains one"),
        pytest.param(datetime(2026, 3, 2, 0, 30, tzinfo=NEW_YORK), "03:30", id="an ordinary night"),
    ],
)
def test_a_session_lasts_three_elapsed_hours_in_every_night(local: datetime, ends_local: str) -> None:
    booked = slot_of(local.astimezone(UTC), RULES.default_minutes)
    assert booked.ends_at - booked.starts_at == timedelta(hours=3)
    assert booked.ends_at.astimezone(NEW_YORK).strftime("%H:%M") == ends_local


@pytest.mark.parametrize(
    ("starts_at", "minutes", "pointers"),
    [
        pytest.param(NOW, 180, [], id="now"),
        pytest.param(NOW - timedelta(hours=12), 180, [], id="12 h behind"),
        pytest.param(NOW - timedelta(hours=12) - SECOND, 180, ["/starts_at"], id="more than 12 h behind"),
        pytest.param(NOW + timedelta(days=731), 180, [], id="731 days ahead"),
        pytest.param(NOW + timedelta(days=731) + SECOND, 180, ["/starts_at"], id="more than 731 days ahead"),
        pytest.param(NOW, 15, [], id="15 minutes"),
        pytest.param(NOW, 14, ["/duration_minutes"], id="14 minutes"),
        pytest.param(NOW, 720, [], id="12 h"),
        pytest.param(NOW, 721, ["/duration_minutes"], id="more than 12 h"),
        pytest.param(NOW - timedelta(days=1), 0, ["/starts_at", "/duration_minutes"], id="both wrong"),
    ],
)
def test_a_slot_lies_within_its_limits(starts_at: datetime, minutes: int, pointers: list[str]) -> None:
    assert [error.pointer for error in check_slot(starts_at, minutes, RULES, now=NOW)] == pointers


@pytest.mark.parametrize(
    ("planned", "completed", "refused"),
    [(0, 0, True), (1, 0, False), (60, 0, False), (61, 0, True), (3, 4, True), (4, 4, False), (5, 4, False)],
)
def test_what_was_given_cant_be_planned_away(planned: int, completed: int, refused: bool) -> None:
    assert bool(check_planned(planned, PlanningRules(), completed=completed)) is refused


def test_rules_refuse_limits_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="minutes must grow"):
        BookingRules(min_minutes=200)
    with pytest.raises(ValueError, match="max_behind"):
        BookingRules(max_behind=-SECOND)
    with pytest.raises(ValueError, match="min_sessions"):
        PlanningRules(min_sessions=0)
