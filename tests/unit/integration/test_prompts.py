"""Prompts reach people inside their window and never at night."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.integration.domain.policies.prompts import (
    PromptRules,
    Sending,
    decide_sending,
    next_allowed,
    plan_prompts,
)
from services.integration.domain.policies.window import WindowRules, window_after
from services.integration.domain.prompts import QUESTIONS, PromptKind
from tests.support.reading import grade

RULES = PromptRules()
NEW_YORK = ZoneInfo("America/New_York")
MICROSECOND = timedelta(microseconds=1)


def local(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def due(ended: str, left: str, zone: ZoneInfo = NEW_YORK) -> dict[PromptKind, datetime]:
    ended_at = local(ended, zone)
    window = window_after(ended_at, WindowRules())
    return {p.kind: p.due_at for p in plan_prompts(ended_at, local(left, zone), zone, window, RULES)}


def test_an_ordinary_afternoon_needs_no_moving() -> None:
    assert due("2026-11-23T14:00", "2026-11-23T15:50") == {
        PromptKind.NOW: local("2026-11-23T16:00"),
        PromptKind.THEMES: local("2026-11-24T14:00"),
        PromptKind.STEP: local("2026-11-25T14:00"),
        PromptKind.DID_IT_HAPPEN: local("2026-11-26T12:00"),
    }


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        pytest.param("2026-11-23T15:59", "2026-11-23T16:00", id="left before two hours"),
        pytest.param("2026-11-23T16:00", "2026-11-23T16:00", id="left at two hours"),
        pytest.param("2026-11-23T17:10", "2026-11-23T17:10", id="left after two hours"),
    ],
)
def test_the_first_prompt_waits_for_the_patient_to_have_left(left: str, expected: str) -> None:
    assert due("2026-11-23T14:00", left)[PromptKind.NOW] == local(expected)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        pytest.param("2026-11-23T21:00:00", "2026-11-23T21:00:00", id="21:00 is still allowed"),
        pytest.param("2026-11-23T21:00:01", "2026-11-24T08:00:00", id="a second later it waits for the morning"),
        pytest.param("2026-11-24T07:59:59", "2026-11-24T08:00:00", id="before eight it waits for eight"),
        pytest.param("2026-11-24T08:00:00", "2026-11-24T08:00:00", id="eight itself is allowed"),
        pytest.param("2026-11-24T08:00:01", "2026-11-24T08:00:01", id="after eight nothing moves"),
    ],
)
def test_the_first_prompt_moves_to_the_next_morning(left: str, expected: str) -> None:
    assert due("2026-11-23T16:00", left)[PromptKind.NOW] == local(expected)


def test_a_prompt_at_the_opening_in_quiet_hours_goes_to_the_morning_inside_the_window() -> None:
    """24 h after 21:30 the evening before lies outside the window, so the later morning is the nearest inside."""
    assert due("2026-11-23T21:30", "2026-11-23T23:40")[PromptKind.THEMES] == local("2026-11-25T08:00")


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        pytest.param("2026-11-23T21:00:00", "2026-11-25T21:00:00", id="21:00 stays"),
        pytest.param("2026-11-23T21:00:01", "2026-11-25T21:00:00", id="just after 21:00 goes back a second"),
        pytest.param("2026-11-23T02:29:59", "2026-11-24T21:00:00", id="a second nearer to the evening"),
        pytest.param("2026-11-23T02:30:00", "2026-11-24T21:00:00", id="a tie goes to the earlier"),
        pytest.param("2026-11-23T02:30:01", "2026-11-25T08:00:00", id="a second nearer to the morning"),
        pytest.param("2026-11-23T07:59:59", "2026-11-25T08:00:00", id="just before eight waits a second"),
        pytest.param("2026-11-23T08:00:00", "2026-11-25T08:00:00", id="eight stays"),
    ],
)
def test_the_step_moves_to_the_nearest_allowed_instant(ended: str, expected: str) -> None:
    assert due(ended, ended)[PromptKind.STEP] == local(expected)


def test_the_last_prompt_never_leaves_the_window_for_a_nearer_morning() -> None:
    """70 h is 03:30, five hours from 08:00 but the window closes at 05:30: the evening before it is."""
    assert due("2026-11-23T05:30", "2026-11-23T08:00")[PromptKind.DID_IT_HAPPEN] == local("2026-11-25T21:00")


def test_the_closing_itself_still_counts_as_inside() -> None:
    assert due("2026-11-23T08:00", "2026-11-23T10:00")[PromptKind.DID_IT_HAPPEN] == local("2026-11-26T08:00")
    assert due("2026-11-23T07:59:59", "2026-11-23T10:00")[PromptKind.DID_IT_HAPPEN] == local("2026-11-25T21:00")


def test_the_spring_night_shifts_the_wall_clock_and_not_the_elapsed_hours() -> None:
    """New York, 7 to 8 March 2026: 24 elapsed hours after Saturday 20:30 is Sunday 21:30, in quiet hours."""
    found = due("2026-03-07T20:30", "2026-03-07T20:45")
    assert found[PromptKind.NOW] == local("2026-03-08T08:00")
    assert found[PromptKind.THEMES] == local("2026-03-09T08:00"), "21:00 that evening lies before the window opens"


def test_the_autumn_night_gives_an_hour_back() -> None:
    """New York, 31 October to 1 November 2026: 24 elapsed hours after 08:30 is 07:30, so it waits until eight."""
    assert due("2026-10-31T08:30", "2026-10-31T10:30")[PromptKind.THEMES] == local("2026-11-01T08:00")


def test_a_tie_through_the_spring_night_is_measured_in_elapsed_time() -> None:
    """21:00 to 08:00 is ten elapsed hours that night, so the middle lies five hours from either end."""
    middle = local("2026-03-07T21:00") + timedelta(hours=5)
    ended = middle - timedelta(hours=48)
    window = window_after(ended, WindowRules())
    found = {p.kind: p.due_at for p in plan_prompts(ended, ended, NEW_YORK, window, RULES)}
    assert found[PromptKind.STEP] == local("2026-03-07T21:00")
    ended += MICROSECOND
    window = window_after(ended, WindowRules())
    found = {p.kind: p.due_at for p in plan_prompts(ended, ended, NEW_YORK, window, RULES)}
    assert found[PromptKind.STEP] == local("2026-03-08T08:00")


ZONES = st.sampled_from(
    [
        "America/New_York",
        "America/Los_Angeles",
        "America/St_Johns",
        "Europe/Berlin",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Africa/Casablanca",
        "America/Santiago",
        "UTC",
    ]
).map(ZoneInfo)
INSTANTS = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
STAYS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=20))


@given(ended=INSTANTS, stay=STAYS, zone=ZONES)
def test_every_prompt_falls_in_allowed_hours_and_all_but_the_first_inside_the_window(
    ended: datetime, stay: timedelta, zone: ZoneInfo
) -> None:
    window = window_after(ended, WindowRules())
    prompts = plan_prompts(ended, ended + stay, zone, window, RULES)
    assert [p.kind for p in prompts] == list(PromptKind)
    for prompt in prompts:
        assert time(8) <= prompt.due_at.astimezone(zone).time() <= time(21)
        assert prompt.due_at.tzinfo is UTC
    assert all(window.holds(prompt.due_at) for prompt in prompts[1:])
    first = max(ended + timedelta(hours=2), ended + stay)
    # quiet hours last eleven hours, twelve on the night that is an hour longer
    assert first <= prompts[0].due_at <= first + timedelta(hours=12)


@given(ended=INSTANTS, zone=ZONES, minutes=st.integers(min_value=0, max_value=48 * 60))
def test_no_allowed_minute_of_the_window_lies_nearer_than_the_chosen_one(
    ended: datetime, zone: ZoneInfo, minutes: int
) -> None:
    window = window_after(ended, WindowRules())
    other = window.opens_at + timedelta(minutes=minutes)
    if not time(8) <= other.astimezone(zone).time() <= time(21):
        return
    wanted = dict(zip(list(PromptKind)[1:], (24, 48, 70), strict=True))
    for prompt in plan_prompts(ended, ended, zone, window, RULES)[1:]:
        at = ended + timedelta(hours=wanted[prompt.kind])
        assert (abs(prompt.due_at - at), prompt.due_at) <= (abs(other - at), other)


CLOSES = local("2026-11-26T14:00")


@pytest.mark.parametrize(
    ("now", "verdict", "wait_until"),
    [
        pytest.param("2026-11-25T12:00", Sending.SEND, None, id="late by a day, at noon: sent"),
        pytest.param("2026-11-25T21:00", Sending.SEND, None, id="at 21:00: sent"),
        pytest.param("2026-11-25T21:00:01", Sending.WAIT, "2026-11-26T08:00", id="a second later: waits for eight"),
        pytest.param("2026-11-26T07:59:59", Sending.WAIT, "2026-11-26T08:00", id="before eight: waits"),
        pytest.param("2026-11-26T14:00", Sending.SEND, None, id="as the window closes: sent"),
        pytest.param("2026-11-26T14:00:01", Sending.MISSED, None, id="a second after it closed: missed"),
        pytest.param("2026-12-20T12:00", Sending.MISSED, None, id="weeks later: missed"),
    ],
)
def test_a_worker_that_wakes_late_disturbs_nobody(now: str, verdict: Sending, wait_until: str | None) -> None:
    decision = decide_sending(closes_at=CLOSES, zone=NEW_YORK, rules=RULES, now=local(now))
    assert decision.verdict is verdict
    assert decision.wait_until == (wait_until and local(wait_until))


def test_a_window_that_closes_in_the_night_does_not_wait_for_a_morning_outside_it() -> None:
    closes = local("2026-11-26T05:00")
    decision = decide_sending(closes_at=closes, zone=NEW_YORK, rules=RULES, now=local("2026-11-25T23:00"))
    assert decision.verdict is Sending.MISSED


def test_a_window_that_closes_at_eight_may_still_be_waited_for() -> None:
    closes = local("2026-11-26T08:00")
    decision = decide_sending(closes_at=closes, zone=NEW_YORK, rules=RULES, now=local("2026-11-25T23:00"))
    assert decision.wait_until == closes


@given(now=INSTANTS, zone=ZONES)
def test_what_is_sent_is_sent_in_allowed_hours(now: datetime, zone: ZoneInfo) -> None:
    at = next_allowed(now, zone, RULES)
    assert at >= now
    assert time(8) <= at.astimezone(zone).time() <= time(21)


@pytest.mark.parametrize(
    "bad",
    [
        {"allowed_from": time(21), "allowed_until": time(21)},
        {"now_after": timedelta(seconds=-1)},
        {"themes_after": timedelta(hours=1)},
        {"did_it_happen_after": timedelta(hours=47)},
    ],
)
def test_rules_out_of_order_are_refused(bad: dict[str, time | timedelta]) -> None:
    with pytest.raises(ValueError, match="prompts"):
        PromptRules(**bad)  # type: ignore[arg-type]


def test_a_window_without_any_allowed_hour_keeps_the_prompt_inside_it() -> None:
    narrow = WindowRules(opens_after=timedelta(hours=8), closes_after=timedelta(hours=10))
    ended = local("2026-11-23T14:00")
    window = window_after(ended, narrow)
    assert all(window.holds(p.due_at) for p in plan_prompts(ended, ended, NEW_YORK, window, RULES)[1:])


@pytest.mark.parametrize("kind", PromptKind)
def test_a_question_is_read_without_effort(kind: PromptKind) -> None:
    assert grade(QUESTIONS[kind]) <= 6
