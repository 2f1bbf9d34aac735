"""The demo that a newcomer meets: sown through the API, whole also when its making was interrupted."""

from collections import Counter
from pathlib import Path

import pytest

from services.console.client import Clinics
from services.console.seed import CAST
from shared.kernel.people import Role
from tests.e2e.running import RunningHouse
from tests.support.morning import MORNING, Resume

pytestmark = pytest.mark.timeout(900)


def test_a_morning_that_was_killed_while_it_was_sown_is_whole_in_the_end(a_morning: Resume, tmp_path: Path) -> None:
    house = a_morning(tmp_path)
    try:
        _assert_the_morning(house)
    finally:
        house.kill()


def _assert_the_morning(house: RunningHouse) -> None:
    clinics = Clinics(house.origin, house.data / "keys")
    desk, nurse = clinics.caller(Role.FRONT_DESK, *CAST), clinics.caller(Role.NURSE, *CAST)
    assert clinics.now() == MORNING

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
