"""A KAP slot in the window is planned, kept and missed in plain sight; what is said there is nowhere here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.fields import instant_text
from tests.component.integration.conftest import Someone

SECOND = timedelta(seconds=1)


@pytest.fixture
def cleared(someone: Someone) -> Someone:
    someone.leaves()
    return someone


def booking(someone: Someone, hours: float = 30, **changes: Any) -> dict[str, Any]:
    facts = {
        "patient_id": str(someone.patient_id),
        "session_id": str(someone.session_id),
        "phase": "integration",
        "modality": "video",
        "starts_at": instant_text(someone.at(hours)),
        "duration_minutes": 60,
    }
    return facts | changes


def test_a_booked_appointment_is_read_back_whole(cleared: Someone) -> None:
    made = cleared.staff().post("/kap-appointments", booking(cleared), expect=201).get_json()
    read = cleared.staff("prescriber").get(f"/kap-appointments/{made['appointment_id']}").get_json()
    assert read == made
    assert read == booking(cleared) | {
        "appointment_id": made["appointment_id"],
        "site_id": "riverside",
        "therapist": "therapist-riverside",
        "state": "booked",
    }
    listed = cleared.staff().get(f"/kap-appointments?session_id={cleared.session_id}").get_json()["items"]
    assert listed == [made]


@pytest.mark.parametrize(
    ("starts", "missing"),
    [
        pytest.param(timedelta(hours=24) - SECOND, True, id="a second before the window"),
        pytest.param(timedelta(hours=24), False, id="as it opens"),
        pytest.param(timedelta(hours=72), False, id="as it closes"),
        pytest.param(timedelta(hours=72) + SECOND, True, id="a second after it"),
        pytest.param(None, True, id="no appointment"),
    ],
)
def test_the_desk_hears_of_a_window_without_a_slot_as_it_closes(
    cleared: Someone, starts: timedelta | None, missing: bool
) -> None:
    if starts is not None:
        slot = booking(cleared, starts_at=instant_text(cleared.ended_at + starts))
        cleared.staff().post("/kap-appointments", slot, expect=201)
    cleared.house.step_to(cleared.at(72) - SECOND)
    assert open_tasks(cleared) == []
    cleared.house.step_to(cleared.at(72))
    assert open_tasks(cleared) == (["no-kap-in-window"] if missing else [])
    cleared.house.advance(timedelta(days=30))
    assert len(open_tasks(cleared)) == missing


def test_the_desk_hears_of_it_once_after_a_jump_of_weeks(cleared: Someone) -> None:
    cleared.house.advance(timedelta(weeks=4))
    cleared.house.advance(timedelta(weeks=4))
    assert open_tasks(cleared) == ["no-kap-in-window"]


@pytest.mark.parametrize("phase", ["preparation", "dosing"])
def test_only_an_integration_appointment_fills_the_window(cleared: Someone, phase: str) -> None:
    cleared.staff().post("/kap-appointments", booking(cleared, phase=phase), expect=201)
    cleared.house.step_to(cleared.at(72))
    assert open_tasks(cleared) == ["no-kap-in-window"]


def test_a_cancelled_slot_is_no_slot_and_a_missed_one_was_one(cleared: Someone) -> None:
    made = cleared.staff().post("/kap-appointments", booking(cleared), expect=201).get_json()
    cancelled = cleared.staff().post(f"/kap-appointments/{made['appointment_id']}/cancel", expect=200)
    assert cancelled.get_json()["state"] == "cancelled"
    cleared.house.step_to(cleared.at(72))
    assert open_tasks(cleared) == ["no-kap-in-window"]


def test_a_slot_that_the_patient_missed_was_still_a_slot(cleared: Someone) -> None:
    path = book(cleared)
    cleared.house.step_to(cleared.at(31))
    assert cleared.staff().post(f"{path}/attendance", {"attendance": "missed"}).get_json()["state"] == "missed"
    cleared.house.step_to(cleared.at(72))
    assert open_tasks(cleared) == []


@pytest.mark.parametrize(("early", "status"), [(SECOND, 409), (timedelta(0), 200)], ids=["before", "as it begins"])
def test_attendance_is_recorded_once_the_appointment_has_begun(cleared: Someone, early: timedelta, status: int) -> None:
    path = book(cleared)
    cleared.house.clock.at = cleared.at(30) - early
    answer = cleared.staff().post(f"{path}/attendance", {"attendance": "attended"}, expect=status).get_json()
    assert answer.get("state") == ("attended" if status == 200 else None)


def test_a_settled_appointment_stays_settled(cleared: Someone) -> None:
    path = book(cleared)
    cleared.house.clock.at = cleared.at(31)
    cleared.staff().post(f"{path}/attendance", {"attendance": "attended"}, expect=200)
    again = cleared.staff().post(f"{path}/attendance", {"attendance": "missed"}, expect=409).get_json()
    assert again["type"] == "urn:afterglow:problem:wrong-state"
    cleared.staff().post(f"{path}/cancel", expect=409)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"phase": "afterwards"}, "/phase"),
        ({"modality": "telepathy"}, "/modality"),
        ({"duration_minutes": 4}, "/duration_minutes"),
        ({"duration_minutes": 481}, "/duration_minutes"),
        ({"starts_at": None}, "/starts_at"),
        ({"session_id": None}, "/session_id"),
        ({"notes": "she said"}, "/notes"),
    ],
    ids=["phase", "modality", "too short", "too long", "no time", "integration without a session", "notes"],
)
def test_what_makes_no_appointment_is_named(cleared: Someone, changes: dict[str, Any], pointer: str) -> None:
    answer = cleared.staff().post("/kap-appointments", booking(cleared, **changes), expect=422)
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]
    assert cleared.staff().get("/kap-appointments").get_json()["items"] == []


@pytest.mark.parametrize(
    ("ahead", "status"),
    [
        (timedelta(hours=-24) - SECOND, 422),
        (timedelta(hours=-24), 201),
        (timedelta(days=366), 201),
        (timedelta(days=366) + SECOND, 422),
    ],
)
def test_an_appointment_lies_just_behind_or_within_a_year(cleared: Someone, ahead: timedelta, status: int) -> None:
    slot = booking(cleared, starts_at=instant_text(cleared.house.clock.at + ahead))
    cleared.staff().post("/kap-appointments", slot, expect=status)


def test_preparation_needs_no_session_and_no_known_patient(someone: Someone) -> None:
    slot = booking(someone, phase="preparation", session_id=None)
    made = someone.staff().post("/kap-appointments", slot, expect=201).get_json()
    assert made["site_id"] == "riverside"
    assert made["session_id"] is None


def test_a_therapist_of_several_sites_says_where(someone: Someone) -> None:
    both = someone.staff("therapist", "riverside", "harbor")
    slot = booking(someone, phase="preparation", session_id=None)
    answer = both.post("/kap-appointments", slot, expect=422).get_json()
    assert [error["pointer"] for error in answer["errors"]] == ["/site_id"]
    assert both.post("/kap-appointments", slot | {"site_id": "harbor"}, expect=201).get_json()["site_id"] == "harbor"
    both.post("/kap-appointments", slot | {"site_id": "lakeview"}, expect=404)


def test_a_patient_known_only_elsewhere_is_not_found(cleared: Someone) -> None:
    foreign = cleared.staff("therapist", "harbor")
    foreign.post("/kap-appointments", booking(cleared), expect=404)
    foreign.post("/kap-appointments", booking(cleared, phase="preparation", session_id=None), expect=404)


def test_a_session_belongs_to_its_patient(cleared: Someone, newcomer: Callable[[], Someone]) -> None:
    slot = booking(cleared, patient_id=str(newcomer().patient_id))
    cleared.staff().post("/kap-appointments", slot, expect=404)


def test_another_site_sees_and_settles_nothing(cleared: Someone) -> None:
    path = book(cleared)
    foreign = cleared.staff("therapist", "harbor")
    foreign.get(path, expect=404)
    foreign.post(f"{path}/attendance", {"attendance": "missed"}, expect=404)
    foreign.post(f"{path}/cancel", expect=404)
    assert foreign.get("/kap-appointments").get_json()["items"] == []
    cleared.staff().get(f"/kap-appointments/{uuid4()}", expect=404)


def test_every_step_of_an_appointment_is_entered(cleared: Someone) -> None:
    path = book(cleared)
    cleared.staff().get(path)
    cleared.house.clock.at = cleared.at(30)
    cleared.staff().post(f"{path}/attendance", {"attendance": "attended"})
    actions = [entry["action"] for entry in cleared.audit()]
    assert actions[:3] == ["kap-attendance-recorded", "kap-appointment-read", "kap-appointment-booked"]


def test_a_task_is_done_once_and_only_at_its_site(cleared: Someone) -> None:
    cleared.house.step_to(cleared.at(72))
    desk = cleared.staff("front_desk")
    (task,) = desk.get("/tasks?state=open").get_json()["items"]
    cleared.staff("front_desk", "harbor").post(f"/tasks/{task['task_id']}/done", expect=404)
    assert desk.post(f"/tasks/{task['task_id']}/done", expect=200).get_json()["state"] == "done"
    desk.post(f"/tasks/{task['task_id']}/done", expect=409)
    assert open_tasks(cleared) == []
    assert [t["task_id"] for t in desk.get("/tasks?state=done").get_json()["items"]] == [task["task_id"]]
    assert cleared.staff("front_desk", "harbor").get("/tasks").get_json()["items"] == []


def book(someone: Someone) -> str:
    made = someone.staff().post("/kap-appointments", booking(someone), expect=201).get_json()
    return f"/kap-appointments/{made['appointment_id']}"


def open_tasks(someone: Someone) -> list[str]:
    items = someone.staff("front_desk").get("/tasks?state=open").get_json()["items"]
    return [item["kind"] for item in items]
