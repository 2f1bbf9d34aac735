"""A course's planning may change; what was given stays, and maintenance learns of it."""

from typing import Any

import pytest

from tests.component.intake.conftest import Clinic, somebody_else


def plan(clinic: Clinic, course: dict[str, Any], planned: Any, expect: int = 200, **changes: Any) -> dict[str, Any]:
    path = f"/courses/{course['course_id']}/planning"
    body = {"planned_sessions": planned} | changes
    answer: dict[str, Any] = clinic.desk.put(path, body, expect=expect).get_json()
    return answer


def test_a_course_comes_back_as_opened(clinic: Clinic) -> None:
    course = clinic.course(indication="ptsd", product="esketamine-nasal", planned_sessions=8)
    assert (course["indication"], course["product"], course["planned_sessions"]) == ("ptsd", "esketamine-nasal", 8)
    assert (course["completed_sessions"], course["closed_reason"]) == (0, None)
    assert clinic.desk.get(f"/courses/{course['course_id']}").get_json() == course
    chart = clinic.desk.get(f"/patients/{course['patient_id']}").get_json()
    assert chart["courses"] == [course]


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"product": "ketamine"}, 422, "/product"),
        ({"planned_sessions": 0}, 422, "/planned_sessions"),
        ({"planned_sessions": 61}, 422, "/planned_sessions"),
        ({"planned_sessions": "6"}, 422, "/planned_sessions"),
        ({"indication": ""}, 422, "/indication"),
        ({"site_id": "atlantis"}, 422, "/site_id"),
        ({"site_id": "lakeview"}, 404, "/site_id"),
        ({"patient_id": somebody_else()}, 404, "/patient_id"),
    ],
)
def test_a_course_that_cant_be_is_named(clinic: Clinic, changes: dict[str, Any], status: int, pointer: str) -> None:
    course = {"site_id": "riverside", "product": "ketamine-iv", "planned_sessions": 6}
    course |= {"patient_id": clinic.registers()["patient_id"]}
    answer = clinic.desk.post("/courses", course | changes, expect=status)
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


def test_the_last_completed_session_is_told_again(clinic: Clinic) -> None:
    course = clinic.course(planned_sessions=6)
    clinic.dosed(course)
    last = clinic.dosed(course, starts_at=clinic.at(4))
    clinic.books(course, starts_at=clinic.at(24))
    planned = plan(clinic, course, 2, closed_reason="enough")
    assert (planned["planned_sessions"], planned["closed_reason"]) == (2, "enough")
    event = clinic.published()[-1]
    assert (str(event.session_id), event.number, event.planned_sessions) == (last["session_id"], 2, 2)
    assert event.revision == 2
    assert clinic.session(last)["revision"] == 2
    assert len(clinic.published()) == 3


def test_a_struck_session_is_not_the_last(clinic: Clinic) -> None:
    course = clinic.course()
    first = clinic.dosed(course)
    second = clinic.dosed(course, starts_at=clinic.at(4))
    clinic.act(second, "corrections", {"entered_in_error": True, "reason": "x"})
    plan(clinic, course, 4)
    assert str(clinic.published()[-1].session_id) == first["session_id"]


def test_before_the_first_session_nobody_is_told(clinic: Clinic) -> None:
    plan(clinic, clinic.course(), 4)
    assert clinic.published() == []


@pytest.mark.parametrize(("planned", "status"), [(1, 422), (2, 200), (3, 200)])
def test_what_was_given_cant_be_planned_away(clinic: Clinic, planned: int, status: int) -> None:
    course = clinic.course()
    for hour in (0, 4):
        clinic.dosed(course, starts_at=clinic.at(hour))
    answer = plan(clinic, course, planned, status)
    if status == 422:
        assert answer["errors"][0]["pointer"] == "/planned_sessions"
        assert "2" in answer["errors"][0]["detail"]
        assert len(clinic.published()) == 2


def test_boosters_dont_count_against_the_planned_sessions(clinic: Clinic) -> None:
    course = clinic.course()
    for hour in (0, 4):
        clinic.dosed(course, starts_at=clinic.at(hour), kind="booster")
    plan(clinic, course, 1)


def test_two_desks_dont_overwrite_each_other(clinic: Clinic) -> None:
    course = clinic.course()
    path = f"/courses/{course['course_id']}/planning"
    clinic.desk.put(path, {"planned_sessions": 4}, etag='"1"')
    clinic.desk.put(path, {"planned_sessions": 5}, etag='"1"', expect=412)
    clinic.desk.put(path, {"planned_sessions": 5}, etag="", expect=428)
    assert clinic.desk.get(f"/courses/{course['course_id']}").get_json()["planned_sessions"] == 4


def test_a_session_completed_meanwhile_makes_the_planning_stale(clinic: Clinic) -> None:
    course = clinic.course()
    etag = clinic.desk.get(f"/courses/{course['course_id']}").headers["ETag"]
    clinic.dosed(course)
    clinic.desk.put(f"/courses/{course['course_id']}/planning", {"planned_sessions": 1}, etag=etag, expect=412)


def test_a_closed_course_takes_boosters_but_no_inductions(clinic: Clinic) -> None:
    course = clinic.course()
    plan(clinic, course, 6, closed_reason="moved to boosters")
    answer = clinic.desk.post("/sessions", clinic.booking(course), expect=409)
    assert answer.get_json()["type"] == "urn:afterglow:problem:course-closed"
    clinic.books(course, kind="booster")
    plan(clinic, course, 6)
    clinic.books(course, starts_at=clinic.at(4))


def test_planning_is_another_sites_business_only_when_it_is_theirs(clinic: Clinic) -> None:
    course = clinic.course()
    path = f"/courses/{course['course_id']}"
    foreign = clinic.staff("front_desk", "lakeview")
    missing = foreign.get(f"/courses/{somebody_else()}", expect=404).get_json()
    assert foreign.get(path, expect=404).get_json() == missing
    assert foreign.put(f"{path}/planning", {"planned_sessions": 4}, etag='"1"', expect=404).get_json() == missing


def test_planning_is_audited(clinic: Clinic) -> None:
    course = clinic.course()
    plan(clinic, course, 4)
    assert ("write", "course-planned") in clinic.audit(course["patient_id"])
    assert ("read", "course-read") in clinic.audit(course["patient_id"])
