"""When somebody must look, and when that is overdue."""

from datetime import datetime

import pytest

from services.discharge.domain.policies.monitoring import is_overdue, monitored_for, next_due_at, overdue_since
from services.discharge.domain.policies.release_rules import ReleaseRules
from tests.unit.discharge.builders import ENDED, minute

RULES = ReleaseRules()


def at(minutes: float | None) -> datetime | None:
    return None if minutes is None else minute(minutes)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        pytest.param(None, 0, id="nobody has looked"),
        pytest.param(-11, 0, id="11 min before the first"),
        pytest.param(-10, 20, id="10 min before the first"),
        pytest.param(9, 20, id="9 min"),
        pytest.param(10, 40, id="10 min meets 20"),
        pytest.param(29, 40, id="29 min"),
        pytest.param(30, 60, id="30 min meets 40"),
        pytest.param(45, 60, id="a late one meets 40"),
        pytest.param(79, 90, id="79 min"),
        pytest.param(80, 120, id="80 min meets 90"),
        pytest.param(109, 120, id="109 min"),
        pytest.param(110, 140, id="110 min meets the last: then every 30 min"),
        pytest.param(150, 180, id="long after"),
    ],
)
def test_the_next_observation_is_due(last: float | None, due: float) -> None:
    assert next_due_at(ENDED, at(last), RULES) == minute(due)


@pytest.mark.parametrize(
    ("last", "now", "since"),
    [
        pytest.param(None, 10, None, id="grace of the first ends"),
        pytest.param(None, 10.5, 0, id="past it"),
        pytest.param(0, 30, None, id="grace of 20 min ends"),
        pytest.param(0, 30.5, 20, id="past it too"),
        pytest.param(0, 51, 40, id="only the latest blocks"),
        pytest.param(35, 51, None, id="a missed one is made up for by a later one"),
        pytest.param(109, 131, 120, id="the last due time"),
        pytest.param(110, 500, None, id="nothing more is scheduled"),
    ],
)
def test_an_observation_is_overdue_when_its_grace_has_run_out(
    last: float | None, now: float, since: float | None
) -> None:
    assert overdue_since(ENDED, at(last), RULES, now=minute(now)) == at(since)


@pytest.mark.parametrize(("now", "expected"), [(30, False), (30.1, True), (20, False)])
def test_a_due_time_has_ten_minutes_grace(now: float, expected: bool) -> None:
    assert is_overdue(minute(20), RULES, now=minute(now)) is expected


def test_no_duration_is_negative() -> None:
    assert monitored_for(minute(10), minute(5)).total_seconds() == 0
