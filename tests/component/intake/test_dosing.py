"""From the chair to the charted dose: in turn, once, and told to discharge and maintenance as charted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.session_completed import (
    Product,
    Route,
    SessionCompleted,
    SessionKind,
    SessionStatus,
    TransportKind,
)
from tests.component.intake.conftest import BASELINE, Clinic

DOSE = {"dose_mg": 40, "lot": "K-1107"}
ACTS: dict[str, Any] = {
    "check-in": {},
    "start": {"baseline": BASELINE},
    "complete": DOSE,
    "cancel": {},
    "no-show": {},
    "corrections": {"dose_mg": 50, "reason": "misread"},
}
REACHED = {
    "booked": ("check-in", "cancel", "no-show"),
    "arrived": ("start", "cancel"),
    "started": ("complete", "cancel"),
    "recovering": ("corrections",),
    "cancelled": (),
    "no-show": (),
}


def brought_to(clinic: Clinic, state: str) -> dict[str, Any]:
    session = clinic.books()
    clinic.named(session)
    match state:
        case "booked":
            return session
        case "cancelled":
            return clinic.act(session, "cancel")
        case "no-show":
            return clinic.act(session, "no-show")
    session = clinic.act(session, "check-in")
    if state in {"started", "recovering"}:
        session = clinic.act(session, "start", ACTS["start"])
    if state == "recovering":
        session = clinic.act(session, "complete", DOSE)
    return session


@pytest.mark.parametrize("state", REACHED)
def test_an_act_out_of_turn_is_refused_and_changes_nothing(clinic: Clinic, state: str) -> None:
    session = brought_to(clinic, state)
    before = clinic.session(session)
    assert before["state"] == state
    for act in ACTS.keys() - set(REACHED[state]):
        for body in (ACTS[act], {"reason": "x"} if act == "corrections" else {}):
            problem = clinic.act(session, act, body, expect=409)
            assert problem["type"] == "urn:afterglow:problem:wrong-state"
    assert clinic.session(session) == before
    assert len(clinic.published()) == (1 if state == "recovering" else 0)


def test_every_step_gives_the_record_a_new_version(clinic: Clinic) -> None:
    session = clinic.books()
    clinic.named(session)
    versions = [clinic.session(session)["version"]]
    for act in ("check-in", "start", "complete"):
        path = f"/sessions/{session['session_id']}/{act}"
        answer = clinic.nurse.post(path, ACTS[act], expect=200)
        assert answer.headers["ETag"] == f'"{answer.get_json()["version"]}"'
        versions.append(answer.get_json()["version"])
    assert versions == sorted(set(versions))


def test_the_session_is_told_as_it_was_charted(clinic: Clinic) -> None:
    course = clinic.course(product="ketamine-im", planned_sessions=6)
    session = clinic.books(course, chair_id="r4")
    clinic.named(session, confirmed_at=clinic.at(-2))
    clinic.moves_on(minutes=10)
    clinic.act(session, "check-in")
    clinic.act(session, "start", {"baseline": BASELINE | {"measured_at": clinic.at(minutes=-5)}})
    clinic.moves_on(minutes=50)
    done = clinic.act(
        session,
        "complete",
        {
            "dose_mg": 37.5,
            "lot": "K-1107",
            "administration_started_at": clinic.at(minutes=-40),
            "administration_ended_at": clinic.at(minutes=-1),
            "overnight_time_zone": "America/Chicago",
        },
    )
    assert (done["state"], done["status"], done["number"], done["revision"]) == ("recovering", "final", 1, 1)
    assert (done["dose_mg"], done["lot"]) == (37.5, "K-1107")
    now = clinic.house.clock.at
    assert clinic.published() == [
        SessionCompleted(
            session_id=UUID(session["session_id"]),
            patient_id=UUID(course["patient_id"]),
            site_id="riverside",
            course_id=UUID(course["course_id"]),
            status=SessionStatus.FINAL,
            kind=SessionKind.INDUCTION,
            number=1,
            planned_sessions=6,
            booster_cycle=None,
            product=Product.KETAMINE_IM,
            route=Route.INTRAMUSCULAR,
            administration_started_at=now - timedelta(minutes=40),
            administration_ended_at=now - timedelta(minutes=1),
            baseline_systolic_mmhg=124,
            baseline_diastolic_mmhg=78,
            baseline_heart_rate_bpm=70,
            baseline_spo2_percent=98,
            transport_kind=TransportKind.ESCORT,
            transport_confirmed_at=now - timedelta(hours=3),
            chair_name="R4",
            overnight_time_zone="America/Chicago",
            indication_recorded=True,
            revision=1,
        )
    ]
    assert clinic.session(done) == done


def test_what_is_left_out_is_now_and_here(clinic: Clinic) -> None:
    course = clinic.course(indication=None)
    done = clinic.dosed(course)
    assert done["administration_started_at"] == done["administration_ended_at"] == clinic.at()
    assert done["baseline"]["measured_at"] == clinic.at()
    assert done["overnight_time_zone"] == "America/New_York"
    assert clinic.published()[0].indication_recorded is False


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        ({"systolic_mmhg": 20}, "Must be 50 to 280 mmHg."),
        ({"spo2_percent": 140}, "Must be 50 to 100 %."),
        ({"heart_rate_bpm": 0}, "Must be 20 to 250 beats a minute."),
        ({"diastolic_mmhg": 124}, "Must be below the systolic pressure."),
        ({"systolic_mmhg": "120"}, "Not a whole number."),
        ({"systolic_mmhg": 120.5}, None),
        ({"systolic_mmhg": None}, None),
        ({"spo2_percent": 10**30}, None),
        ({"spo2": 98}, "Unknown field."),
    ],
)
def test_an_impossible_baseline_is_refused_with_its_limit(
    clinic: Clinic, reading: dict[str, Any], message: str | None
) -> None:
    session = clinic.arrived()
    problem = clinic.act(session, "start", {"baseline": BASELINE | reading}, expect=422)
    (error,) = problem["errors"]
    assert error["pointer"] == f"/baseline/{next(iter(reading))}"
    if message:
        assert error["detail"] == message
    assert clinic.session(session)["state"] == "arrived"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"dose_mg": 0}, "/dose_mg"),
        ({"dose_mg": -40}, "/dose_mg"),
        ({"dose_mg": 1000.5}, "/dose_mg"),
        ({"dose_mg": "40"}, "/dose_mg"),
        ({"dose_mg": True}, "/dose_mg"),
        ({"dose_mg": 10**400}, "/dose_mg"),
        ({"dose_mg": None}, "/dose_mg"),
        ({"lot": ""}, "/lot"),
        ({"lot": None}, "/lot"),
        ({"overnight_time_zone": "Mars/Olympus"}, "/overnight_time_zone"),
        ({"overnight_time_zone": "../etc/passwd"}, "/overnight_time_zone"),
        ({"administration_ended_at": "2026-03-02T14:59:00Z"}, "/administration_ended_at"),
        ({"administration_ended_at": "2026-03-02T15:02:01Z"}, "/administration_ended_at"),
        ({"administration_started_at": "2026-03-01T14:59:59Z"}, "/administration_started_at"),
        ({"waste_mg": 10}, "/waste_mg"),
    ],
)
def test_a_dose_that_cant_be_is_named_and_not_charted(clinic: Clinic, changes: dict[str, Any], pointer: str) -> None:
    session = clinic.started()
    problem = clinic.act(session, "complete", DOSE | changes, expect=422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert clinic.session(session)["state"] == "started"
    assert clinic.published() == []


def test_a_dose_charted_twice_with_one_key_is_told_once(clinic: Clinic) -> None:
    session = clinic.started()
    path = f"/sessions/{session['session_id']}/complete"
    key = {"Idempotency-Key": "dose-1"}
    first = clinic.nurse.post(path, DOSE, headers=key, expect=200)
    again = clinic.nurse.post(path, DOSE, headers=key, expect=200)
    assert again.get_json() == first.get_json()
    assert again.headers["ETag"] == first.headers["ETag"]
    clinic.nurse.post(path, DOSE, expect=409)
    assert len(clinic.published()) == 1


def test_of_two_nurses_at_one_moment_one_charts_the_dose(clinic: Clinic) -> None:
    session = clinic.started()
    path = f"/sessions/{session['session_id']}/complete"

    def complete(_: int) -> int:
        return clinic.staff("nurse").post(path, DOSE).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(complete, range(4))) == [200, 409, 409, 409]
    assert len(clinic.published()) == 1


def test_sessions_of_a_course_are_counted_by_kind(clinic: Clinic) -> None:
    course = clinic.course()
    numbers = []
    for hour, kind in enumerate(("induction", "induction", "booster", "induction", "booster")):
        done = clinic.dosed(course, starts_at=clinic.at(4 * hour), kind=kind)
        numbers.append((kind, done["number"]))
    assert numbers == [("induction", 1), ("induction", 2), ("booster", 1), ("induction", 3), ("booster", 2)]
    counted = clinic.desk.get(f"/courses/{course['course_id']}").get_json()
    assert (counted["completed_sessions"], counted["completed_boosters"]) == (3, 2)


def test_a_session_may_be_called_off_until_the_dose(clinic: Clinic) -> None:
    course = clinic.course()
    assert clinic.act(clinic.started(course), "cancel", {"reason": "pressure"})["state"] == "cancelled"
    clinic.books(course)


@pytest.mark.parametrize("act", ["start", "complete", "corrections"])
def test_only_a_nurse_doses(clinic: Clinic, act: str) -> None:
    session = clinic.books()
    path = f"/sessions/{session['session_id']}/{act}"
    for role in ("front_desk", "therapist", "prescriber", "operations", "privacy_officer"):
        clinic.staff(role).post(path, ACTS[act], expect=403)


def test_every_step_is_audited(clinic: Clinic) -> None:
    session = clinic.dosed()
    clinic.act(session, "corrections", ACTS["corrections"])
    writes = [action for access, action in clinic.audit(session["patient_id"]) if access == "write"]
    assert writes[2:] == [
        "session-booked",
        "transport-set",
        "session-checked-in",
        "session-started",
        "session-completed",
        "session-corrected",
    ]
