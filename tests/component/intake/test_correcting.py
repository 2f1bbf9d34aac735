"""A charted dose is corrected in the open: old and new are kept, and everybody is told again."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.session_completed import SessionStatus
from tests.component.intake.conftest import Clinic


def correct(clinic: Clinic, session: dict[str, Any], expect: int = 200, **changes: Any) -> dict[str, Any]:
    return clinic.act(session, "corrections", {"reason": "typing error"} | changes, expect=expect)


def test_old_and_new_are_kept_and_told_under_the_next_revision(clinic: Clinic) -> None:
    session = clinic.dosed()
    ended = clinic.at(minutes=-10)
    corrected = correct(
        clinic, session, dose_mg=50, administration_started_at=ended, administration_ended_at=ended, reason="misread"
    )
    assert corrected["dose_mg"] == 50
    assert corrected["lot"] == "K-1107"
    assert corrected["revision"] == 2
    assert corrected["version"] > session["version"]
    (change,) = corrected["changes"]
    assert change["reason"] == "misread"
    assert change["changed_by"] == "nurse-riverside"
    assert change["old"] == {"dose_mg": 40.0, "started_at": clinic.at(), "ended_at": clinic.at()}
    assert change["new"] == {"dose_mg": 50.0, "started_at": ended, "ended_at": ended}
    first, second = clinic.published()
    assert (first.revision, second.revision) == (1, 2)
    assert second.administration_ended_at == first.administration_ended_at - timedelta(minutes=10)
    assert second.status is SessionStatus.FINAL
    assert second.number == first.number


def test_each_correction_is_kept_beside_the_others(clinic: Clinic) -> None:
    session = clinic.dosed()
    correct(clinic, session, dose_mg=50)
    changes = correct(clinic, session, dose_mg=45, lot="K-2")["changes"]
    assert [(change["old"], change["new"]) for change in changes] == [
        ({"dose_mg": 40.0}, {"dose_mg": 50.0}),
        ({"dose_mg": 50.0, "lot": "K-1107"}, {"dose_mg": 45.0, "lot": "K-2"}),
    ]
    assert [event.revision for event in clinic.published()] == [1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({}, ""),
        ({"dose_mg": 40}, ""),
        ({"dose_mg": 0}, "/dose_mg"),
        ({"administration_ended_at": "2026-03-02T14:59:00Z"}, "/administration_ended_at"),
        ({"administration_started_at": "2026-03-01T14:59:00Z"}, "/administration_started_at"),
        ({"overnight_time_zone": "Nowhere"}, "/overnight_time_zone"),
        ({"reason": ""}, "/reason"),
        ({"entered_in_error": True, "dose_mg": 5}, "/entered_in_error"),
        ({"entered_in_error": "yes"}, "/entered_in_error"),
        ({"number": 3}, "/number"),
    ],
)
def test_a_correction_that_cant_be_changes_nothing(clinic: Clinic, changes: dict[str, Any], pointer: str) -> None:
    session = clinic.dosed()
    problem = correct(clinic, session, 422, **changes)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert clinic.session(session) == session
    assert len(clinic.published()) == 1


def test_a_correction_needs_a_reason(clinic: Clinic) -> None:
    session = clinic.dosed()
    problem = clinic.act(session, "corrections", {"dose_mg": 50}, expect=422)
    assert problem["errors"][0]["pointer"] == "/reason"


def test_days_later_the_limit_is_still_a_day_before_the_start(clinic: Clinic) -> None:
    session = clinic.dosed()
    start = clinic.at(-24)
    clinic.moves_on(days=5)
    corrected = correct(clinic, session, administration_started_at=start)
    assert corrected["administration_started_at"] == start


def test_a_dose_entered_in_error_is_struck_and_its_chair_free(clinic: Clinic) -> None:
    session = clinic.dosed()
    struck = correct(clinic, session, entered_in_error=True, reason="wrong patient")
    assert (struck["state"], struck["status"]) == ("cancelled", "entered-in-error")
    assert struck["dose_mg"] == 40
    (change,) = struck["changes"]
    assert change["old"] == {"status": "final", "state": "recovering"}
    assert change["new"] == {"status": "entered-in-error", "state": "cancelled"}
    first, second = clinic.published()
    assert (second.status, second.revision, second.number) == (SessionStatus.ENTERED_IN_ERROR, 2, first.number)
    clinic.books(clinic.course())
    assert correct(clinic, session, 409, dose_mg=50)["type"].endswith("wrong-state")


def test_later_sessions_move_up_and_are_told_again(clinic: Clinic) -> None:
    course = clinic.course()
    first, second, third = (clinic.dosed(course, starts_at=clinic.at(4 * n)) for n in range(3))
    booster = clinic.dosed(course, starts_at=clinic.at(12), kind="booster")
    told = len(clinic.published())
    correct(clinic, second, entered_in_error=True)
    assert clinic.session(first)["number"] == 1
    assert clinic.session(third)["number"] == 2
    assert clinic.session(booster)["number"] == 1
    again = [(str(e.session_id), e.number, e.revision, e.status.value) for e in clinic.published()[told:]]
    assert again == [(second["session_id"], 2, 2, "entered-in-error"), (third["session_id"], 2, 2, "final")]
    assert clinic.dosed(course, starts_at=clinic.at(16))["number"] == 3


def test_the_first_session_struck_makes_the_next_the_first(clinic: Clinic) -> None:
    course = clinic.course()
    correct(clinic, clinic.dosed(course), entered_in_error=True)
    assert clinic.dosed(course)["number"] == 1


def test_another_courses_numbers_stay(clinic: Clinic) -> None:
    course, other = clinic.course(), clinic.course()
    struck = clinic.dosed(course)
    kept = clinic.dosed(other, chair_id="r2")
    clinic.dosed(other, chair_id="r2", starts_at=clinic.at(4))
    correct(clinic, struck, entered_in_error=True)
    assert clinic.session(kept)["revision"] == 1


def test_a_session_whose_patient_has_left_is_corrected_too(clinic: Clinic) -> None:
    session = clinic.dosed()
    clinic.hears(clinic.left(session))
    corrected = correct(clinic, session, lot="K-2")
    assert corrected["state"] == "left"
    assert corrected["revision"] == 2
