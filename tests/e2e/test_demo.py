"""The demo that a newcomer meets: sown through the API, whole also when its making was interrupted."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from services.console.client import Clinics
from services.console.seed import CAST, HISTORY
from shared.kernel.people import Role
from tests.e2e.journey import ClockByHttp
from tests.e2e.running import RunningHouse

pytestmark = pytest.mark.timeout(900)

_MORNING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def test_a_morning_that_was_killed_while_it_was_sown_is_whole_in_the_end(tmp_path: Path) -> None:
    house = RunningHouse(tmp_path / "data", "--demo=quiet", "--at", _MORNING.isoformat(), "--speed", "0")
    try:
        house.begin()
        _wait_until_half_way(house)
        assert not house.ready(), "nobody is shown half a morning"
        house.kill()
        begun = monotonic()
        house.start()
        print(f"\nthe second half of the demo took {monotonic() - begun:.1f} s to sow")
        _assert_the_morning(house)
    finally:
        house.kill()


def _wait_until_half_way(house: RunningHouse) -> None:
    give_up = monotonic() + 200
    while monotonic() < give_up:
        sleep(0.2)
        try:
            if ClockByHttp(house.origin).now() > _MORNING - HISTORY / 2:
                return
        except httpx.TransportError:
            continue
    raise AssertionError("the sowing never came half way")


def _assert_the_morning(house: RunningHouse) -> None:
    clinics = Clinics(house.origin, house.data / "keys")
    desk, nurse = clinics.caller(Role.FRONT_DESK, *CAST), clinics.caller(Role.NURSE, *CAST)
    assert clinics.now() == _MORNING

    patients = [patient["name"] for patient in desk.everything("/intake/v1/patients", limit=500)]
    assert sorted(patients) == sorted(story.name for stories in CAST.values() for story in stories), "nobody twice"

    board = [item for item in desk.get("/intake/v1/boards/today")["items"] if item["site_id"] == "riverside"]
    assert Counter(item["state"] for item in board) == {
        "booked": 5,
        "arrived": 2,
        "started": 1,
        "recovering": 8,
        "left": 2,
    }
    obstacles = {found["code"] for item in board for found in item["in_the_way"]}
    assert obstacles >= {"transport-missing", "transport-stale", "transport-not-adult", "on-hold", "chair-occupied"}

    recoveries = nurse.everything("/discharge/v1/recoveries", state=["recovering", "held"], site_id="riverside")
    assert len(recoveries) == 8
    held = [found["vitals"] for found in recoveries if found["state"] == "held"]
    assert [(vitals["systolic_mmhg"], vitals["diastolic_mmhg"]) for vitals in held] == [(171, 102)]
    decisions = [nurse.get(f"/discharge/v1/recoveries/{found['session_id']}/decision") for found in recoveries]
    assert sum(decision["criteria_met"] for decision in decisions) == 1, "one is ready to leave"

    boosters = desk.everything("/intake/v1/boosters", site_id="riverside")
    assert {"due", "held", "booked", "fulfilled"} <= {booster["state"] for booster in boosters}
    assert {"overdue-30", "overdue-8", "overdue-1", "due-soon"} <= {booster["urgency"] for booster in boosters}
    for state in ("upcoming", "open", "closed"):
        assert nurse.everything("/integration/v1/windows", state=state)
    clinics.close()
