"""What may be told: how far back, how far ahead, how long, how short."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.maintenance.domain.crisis import CrisisLine, parse_crisis_lines
from services.maintenance.domain.lifestyle import Week, week_of
from services.maintenance.domain.lifestyle import complaints_about as about_week
from services.maintenance.domain.policies.overriding import OverrideRules, complaints_about, needs_second
from services.maintenance.domain.policies.timing import TimingRules, complaints_about_taken_at

_NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
_TODAY = date(2026, 4, 1)
_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("taken_at", "session", "refused"),
    [
        (_NOW + timedelta(minutes=2), None, False),
        (_NOW + timedelta(minutes=2) + _SECOND, None, True),
        (_NOW - timedelta(hours=24), None, False),
        (_NOW - timedelta(hours=24) - _SECOND, None, True),
        (_NOW - timedelta(days=3), _NOW - timedelta(days=2), False),
        (_NOW - timedelta(days=3) - _SECOND, _NOW - timedelta(days=2), True),
    ],
    ids=["2 min ahead", "more ahead", "24 h back", "more back", "24 h before the session", "more before the session"],
)
def test_when_a_form_can_have_been_filled_in(taken_at: datetime, session: datetime | None, refused: bool) -> None:
    complaints = complaints_about_taken_at(taken_at, TimingRules(), now=_NOW, session_started_at=session)
    assert [complaint.pointer for complaint in complaints] == (["/taken_at"] if refused else [])


@pytest.mark.parametrize(
    ("days", "expires_in", "pointers"),
    [
        (0, 10, ["/interval_days"]),
        (1, 10, []),
        (180, 10, []),
        (181, 10, ["/interval_days"]),
        (35, -1, ["/expires_on"]),
        (35, 0, []),
        (35, 366, []),
        (35, 367, ["/expires_on"]),
    ],
)
def test_what_an_override_may_be(days: int, expires_in: int, pointers: list[str]) -> None:
    expires_on = _TODAY + timedelta(days=expires_in)
    assert [c.pointer for c in complaints_about(days, expires_on, OverrideRules(), today=_TODAY)] == pointers


@pytest.mark.parametrize(("days", "second"), [(27, True), (28, False), (29, False)])
def test_below_28_days_a_second_prescriber_is_needed(days: int, second: bool) -> None:
    assert needs_second(days, OverrideRules()) is second


@pytest.mark.parametrize(
    ("starts_on", "count", "pointers"),
    [
        (date(2026, 3, 30), 3, []),
        (date(2026, 3, 31), 3, ["/week_starts_on"]),
        (date(2026, 4, 6), 3, ["/week_starts_on"]),
        (date(2026, 3, 2), 3, []),
        (date(2026, 2, 23), 3, ["/week_starts_on"]),
        (date(2026, 3, 30), None, ["/active_days"]),
    ],
    ids=["this Monday", "a Tuesday", "next week", "four weeks back", "five weeks back", "nothing told"],
)
def test_which_week_may_be_told(starts_on: date, count: int | None, pointers: list[str]) -> None:
    week = Week(starts_on, count, None, None)
    assert [c.pointer for c in about_week(week, today=_TODAY)] == pointers


def test_a_week_starts_on_monday() -> None:
    assert [week_of(date(2026, 3, 30) + timedelta(days=d)) for d in (0, 6, 7)] == [
        date(2026, 3, 30),
        date(2026, 3, 30),
        date(2026, 4, 6),
    ]


def test_crisis_lines_are_read_whole() -> None:
    text = '{"crisis_lines": [{"name": "Line", "contact": "555-0100", "hours": "always"}]}'
    assert parse_crisis_lines(text) == (CrisisLine("Line", "555-0100", "always"),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"crisis_lines": []}',
        '{"crisis_lines": [{"name": "Line"}]}',
        '{"crisis_lines": [{"name": "", "contact": "1", "hours": "1"}]}',
    ],
)
def test_half_a_crisis_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="crisis"):
        parse_crisis_lines(text)
