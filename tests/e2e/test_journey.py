"""The journey on the embedded default, started as a new user would, through both daylight-saving nights."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.journey import ClockByHttp, walk
from tests.e2e.running import RunningHouse

pytestmark = pytest.mark.timeout(600)


def test_a_patient_walks_from_booking_to_the_next_booster_through_the_short_night(tmp_path: Path) -> None:
    with RunningHouse(tmp_path / "data", "--empty", "--at", "2026-03-07T21:20:00-05:00", "--speed", "0") as house:
        walked = walk(house.origin, house.token, ClockByHttp(house.origin))

    assert walked.left_at == datetime(2026, 3, 8, 4, 40, tzinfo=UTC), "23:40 in New York"
    assert walked.earliest_end_at == datetime(2026, 3, 8, 12, 40, tzinfo=UTC), "08:40 daylight time: 8 elapsed hours"


def test_nothing_is_lost_when_the_house_is_killed_between_the_steps_of_the_long_night(tmp_path: Path) -> None:
    with RunningHouse(tmp_path / "data", "--empty", "--at", "2026-10-31T21:20:00-04:00", "--speed", "0") as house:

        def kill(step: str) -> None:
            if step in {"dosed", "released", "interval set"}:
                house.kill()
                house.start()

        walked = walk(house.origin, house.token, ClockByHttp(house.origin), pause=kill)

    assert walked.earliest_end_at == datetime(2026, 11, 1, 12, 0, tzinfo=UTC), "07:00 standard time"
    assert walked.explanations[0].endswith("42 days")
