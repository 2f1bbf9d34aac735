"""Booking a chair: one patient a chair, one chair a patient, at whatever moment two desks press the button."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.component.intake.conftest import Clinic, somebody_else


def code(answer: Any) -> str:
    found: str = answer.get_json()["type"].rsplit(":", 1)[1]
    return found


def test_a_booking_comes_back_as_made(clinic: Clinic) -> None:
    booking = clinic.booking(starts_at="2026-03-02T12:30:00-05:00")
    answer = clinic.desk.post("/sessions", booking, expect=201)
    session = answer.get_json()
    assert session["state"] == "booked"
    assert datetime.fromisoformat(session["starts_at"]) == datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    assert datetime.fromisoformat(session["ends_at"]) == datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
    assert session["duration_minutes"] == 180
    assert session["chair_name"] == "R1"
    assert clinic.session(session) == session
    assert answer.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("start", "minutes", "status"),
    [
        pytest.param(0, 180, 409, id="the same time"),
        pytest.param(179 / 60, 60, 409, id="one minute too early"),
        pytest.param(3, 60, 201, id="as the first ends"),
        pytest.param(-1, 60, 201, id="ends as the first starts"),
        pytest.param(-1, 61, 409, id="one minute too long"),
        pytest.param(1, 30, 409, id="inside"),
        pytest.param(-1, 360, 409, id="around"),
    ],
)
def test_a_chair_holds_one_patient_at_a_time(clinic: Clinic, start: float, minutes: int, status: int) -> None:
    clinic.books()
    booking = clinic.booking(starts_at=clinic.at(start), duration_minutes=minutes)
    answer = clinic.desk.post("/sessions", booking, expect=status)
    if status == 409:
        assert code(answer) == "chair-taken"
        clinic.desk.post("/sessions", booking | {"chair_id": "r2"}, expect=201)


def test_a_patient_sits_in_one_chair_at_a_time_whatever_the_site(clinic: Clinic) -> None:
    both = clinic.staff("front_desk", "riverside", "lakeview", subject="both")
    course = clinic.course()
    clinic.books(course)
    other_chair = clinic.booking(course, chair_id="r2", starts_at=clinic.at(1))
    assert code(clinic.desk.post("/sessions", other_chair, expect=409)) == "patient-already-booked"
    other_site = other_chair | {"site_id": "lakeview", "chair_id": "l1"}
    assert code(both.post("/sessions", other_site, expect=409)) == "patient-already-booked"
    both.post("/sessions", other_site | {"starts_at": clinic.at(3)}, expect=201)


def test_the_same_patient_on_the_same_chair_is_told_that_the_chair_is_taken(clinic: Clinic) -> None:
    course = clinic.course()
    clinic.books(course)
    assert code(clinic.desk.post("/sessions", clinic.booking(course), expect=409)) == "chair-taken"


def test_of_two_desks_at_one_moment_one_gets_the_chair(clinic: Clinic) -> None:
    bookings = [clinic.booking() for _ in range(6)]

    def book(booking: dict[str, Any]) -> int:
        return clinic.staff("front_desk").post("/sessions", booking).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(book, bookings)) == [201, 409, 409, 409, 409, 409]


def test_of_two_chairs_at_one_moment_a_patient_gets_one(clinic: Clinic) -> None:
    course = clinic.course()
    bookings = [clinic.booking(course, chair_id=f"r{n}") for n in range(1, 7)]

    def book(booking: dict[str, Any]) -> int:
        return clinic.staff("front_desk").post("/sessions", booking).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(book, bookings)) == [201, 409, 409, 409, 409, 409]


@pytest.mark.parametrize("ending", ["cancel", "no-show"])
def test_a_session_that_wont_be_gives_its_chair_back(clinic: Clinic, ending: str) -> None:
    course = clinic.course()
    session = clinic.books(course)
    ended = clinic.act(session, ending, {"reason": "moved house"})
    assert ended["state"] == {"cancel": "cancelled", "no-show": "no-show"}[ending]
    assert ended["ended_reason"] == "moved house"
    clinic.books(course)


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"chair_id": "r99"}, 422, "/chair_id"),
        ({"chair_id": "l1"}, 422, "/chair_id"),
        ({"site_id": "atlantis"}, 422, "/site_id"),
        ({"site_id": "lakeview", "chair_id": "l1"}, 404, "/site_id"),
        ({"course_id": somebody_else()}, 404, "/course_id"),
        ({"course_id": "mine"}, 422, "/course_id"),
        ({"starts_at": "2026-03-02T15:00:00"}, 422, "/starts_at"),
        ({"starts_at": "2026-03-01T15:00:00Z"}, 422, "/starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, 422, "/starts_at"),
        ({"starts_at": "9999-12-31T23:00:00Z"}, 422, "/starts_at"),
        ({"starts_at": 5}, 422, "/starts_at"),
        ({"duration_minutes": 0}, 422, "/duration_minutes"),
        ({"duration_minutes": 721}, 422, "/duration_minutes"),
        ({"duration_minutes": 10**30}, 422, "/duration_minutes"),
        ({"duration_minutes": "180"}, 422, "/duration_minutes"),
        ({"duration_minutes": True}, 422, "/duration_minutes"),
        ({"kind": "preparation"}, 422, "/kind"),
        ({"note": "x"}, 422, "/note"),
    ],
)
def test_a_booking_that_cant_be_is_named_and_not_made(
    clinic: Clinic, changes: dict[str, Any], status: int, pointer: str
) -> None:
    answer = clinic.desk.post("/sessions", clinic.booking(**changes), expect=status)
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]
    assert clinic.today() == []


def test_a_session_through_the_spring_night_lasts_three_elapsed_hours(clinic: Clinic) -> None:
    session = clinic.books(starts_at="2026-03-08T00:30:00-05:00")
    assert session["ends_at"] == "2026-03-08T08:30:00Z"  # 04:30 on the new clock
    next_one = clinic.booking(starts_at="2026-03-08T04:29:00-04:00")
    assert code(clinic.desk.post("/sessions", next_one, expect=409)) == "chair-taken"
    clinic.desk.post("/sessions", next_one | {"starts_at": "2026-03-08T04:30:00-04:00"}, expect=201)


def test_another_sites_session_is_missing_in_the_same_words(clinic: Clinic) -> None:
    session = clinic.books()
    foreign = clinic.staff("nurse", "lakeview")
    missing = foreign.get(f"/sessions/{somebody_else()}", expect=404).get_json()
    path = f"/sessions/{session['session_id']}"
    assert foreign.get(path, expect=404).get_json() == missing
    acts = {"check-in": {}, "cancel": {}, "no-show": {}, "start": {}, "complete": {}, "corrections": {"reason": "x"}}
    for act, body in acts.items():
        assert foreign.post(f"{path}/{act}", body, expect=404).get_json() == missing
    assert foreign.put(f"{path}/transport", clinic.ride(), etag='"1"', expect=404).get_json() == missing
    assert clinic.session(session) == session


def test_an_address_that_is_no_id_is_not_found(clinic: Clinic) -> None:
    clinic.desk.get("/sessions/1", expect=404)
    clinic.desk.get("/patients/me", expect=404)


def test_booking_and_reading_a_session_is_audited(clinic: Clinic) -> None:
    session = clinic.books()
    clinic.session(session)
    assert clinic.audit(session["patient_id"]) == [
        ("write", "patient-registered"),
        ("write", "course-opened"),
        ("write", "session-booked"),
        ("read", "session-read"),
    ]
