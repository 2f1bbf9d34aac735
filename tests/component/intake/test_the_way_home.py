"""Transport before dosing: named, adult, confirmed, and never overwritten silently."""

from datetime import timedelta
from typing import Any

import pytest

from tests.component.intake.conftest import BASELINE, Clinic


def transport_path(session: dict[str, Any]) -> str:
    return f"/sessions/{session['session_id']}/transport"


def refused_start(clinic: Clinic, session: dict[str, Any]) -> list[str]:
    """Codes of the reasons against a start."""
    problem = clinic.act(session, "start", {"baseline": BASELINE}, expect=409)
    assert problem["type"] == "urn:afterglow:problem:transport-missing"
    assert problem["title"] == problem["reasons"][0]["message"]
    return [reason["code"] for reason in problem["reasons"]]


def test_nobody_is_dosed_before_somebody_takes_them_home(clinic: Clinic) -> None:
    session = clinic.act(clinic.books(), "check-in")
    assert refused_start(clinic, session) == ["transport-missing"]
    assert clinic.session(session)["state"] == "arrived"
    clinic.named(session)
    assert clinic.act(session, "start", {"baseline": BASELINE})["state"] == "started"


def test_what_the_desk_must_settle_comes_before_what_the_nurse_must_type(clinic: Clinic) -> None:
    session = clinic.act(clinic.books(), "check-in")
    assert clinic.act(session, "start", {}, expect=409)["type"].endswith("transport-missing")
    clinic.named(session)
    assert clinic.act(session, "start", {}, expect=422)["errors"][0]["pointer"] == "/baseline"


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        pytest.param({"adult": False}, ["transport-not-adult"], id="under 18"),
        pytest.param({"adult": None}, ["transport-not-adult"], id="nobody has said"),
        pytest.param({"confirmed_at": None}, ["transport-unconfirmed"], id="no word yet"),
        pytest.param(
            {"adult": False, "confirmed_at": None}, ["transport-not-adult", "transport-unconfirmed"], id="both"
        ),
    ],
)
def test_only_a_confirmed_adult_counts(clinic: Clinic, changes: dict[str, Any], reasons: list[str]) -> None:
    session = clinic.books()
    clinic.named(session, **changes)
    clinic.act(session, "check-in")
    assert refused_start(clinic, session) == reasons


def test_an_escort_is_named_as_an_adult_unless_somebody_says_otherwise(clinic: Clinic) -> None:
    session = clinic.books()
    ride = clinic.ride()
    del ride["adult"]
    assert clinic.desk.put(transport_path(session), ride).get_json()["transport"]["adult"] is True


def test_a_contracted_rides_driver_is_an_adult_by_contract(clinic: Clinic) -> None:
    session = clinic.books()
    ride = {"kind": "contracted-ride", "name": "Hudson Care Ride", "phone": "(212) 555-0100"}
    transport = clinic.desk.put(transport_path(session), ride).get_json()["transport"]
    assert transport["adult"] is True
    assert transport["relationship"] is None
    assert transport["confirmed_at"] == clinic.at()
    clinic.act(session, "check-in")
    clinic.act(session, "start", {"baseline": BASELINE})


@pytest.mark.parametrize(
    ("hours", "startable"),
    [pytest.param(24, True, id="24 h old"), pytest.param(24.01, False, id="older")],
)
def test_a_word_given_the_day_before_is_fresh_enough(clinic: Clinic, hours: float, startable: bool) -> None:
    """Confirmed on Sunday for Monday at 10:00; the session starts as booked."""
    session = clinic.books(starts_at=clinic.at(hours))
    clinic.named(session)
    clinic.moves_on(hours=hours)
    clinic.act(session, "check-in")
    if startable:
        clinic.act(session, "start", {"baseline": BASELINE})
    else:
        assert refused_start(clinic, session) == ["transport-stale"]
        clinic.named(session)
        clinic.act(session, "start", {"baseline": BASELINE})


def test_fridays_word_is_kept_and_shown_though_it_wont_do_on_monday(clinic: Clinic) -> None:
    session = clinic.books(starts_at=clinic.at(72))
    friday = clinic.named(session)["transport"]["confirmed_at"]
    clinic.moves_on(hours=72)
    (line,) = clinic.today()
    assert line["transport"]["light"] == "amber"
    assert line["transport"]["confirmed_at"] == friday
    assert line["in_the_way"][0]["code"] == "transport-stale"


@pytest.mark.parametrize(
    ("confirmed", "status"),
    [
        pytest.param(timedelta(minutes=2), 200, id="2 min ahead"),
        pytest.param(timedelta(minutes=2, seconds=1), 422, id="more than 2 min ahead"),
        pytest.param(-timedelta(hours=24), 200, id="24 h before the start"),
        pytest.param(-timedelta(hours=24, seconds=1), 422, id="more than 24 h before the start"),
    ],
)
def test_when_they_confirmed_lies_within_reason(clinic: Clinic, confirmed: timedelta, status: int) -> None:
    session = clinic.books()
    at = clinic.at(confirmed.total_seconds() / 3600)
    answer = clinic.desk.put(transport_path(session), clinic.ride(confirmed_at=at), expect=status).get_json()
    if status == 200:
        assert answer["transport"]["confirmed_at"] == at
    else:
        assert answer["errors"][0]["pointer"] == "/confirmed_at"
        assert clinic.session(session)["transport"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "taxi"}, "/kind"),
        ({"kind": None}, "/kind"),
        ({"name": ""}, "/name"),
        ({"adult": "true"}, "/adult"),
        ({"adult": 1}, "/adult"),
        ({"phone": "none"}, "/phone"),
        ({"confirmed_at": "today"}, "/confirmed_at"),
        ({"confirmed_at": "0001-01-01T00:00:00Z"}, "/confirmed_at"),
        ({"present": True}, "/present"),
    ],
)
def test_a_ride_that_cant_be_changes_nothing(clinic: Clinic, changes: dict[str, Any], pointer: str) -> None:
    session = clinic.books()
    before = clinic.named(session)
    answer = clinic.desk.put(transport_path(session), clinic.ride(**changes), expect=422)
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]
    assert clinic.session(session) == before


def test_two_desks_dont_overwrite_each_other(clinic: Clinic) -> None:
    session = clinic.books()
    path = transport_path(session)
    etag = clinic.desk.get(f"/sessions/{session['session_id']}").headers["ETag"]
    clinic.desk.put(path, clinic.ride(name="First"), etag=etag)
    clinic.desk.put(path, clinic.ride(name="Second"), etag=etag, expect=412)
    clinic.desk.put(path, clinic.ride(name="Second"), etag="", expect=428)
    assert clinic.session(session)["transport"]["name"] == "First"


def test_a_replaced_escort_is_kept_beside_the_new_one(clinic: Clinic) -> None:
    session = clinic.books()
    clinic.named(session, name="Joy")
    changed = clinic.named(session, name="Marc", relationship="father")
    (change,) = changed["changes"]
    assert change["what"] == "transport"
    assert change["old"] == {"name": "Joy", "relationship": "sister"}
    assert change["new"] == {"name": "Marc", "relationship": "father"}
    assert change["changed_by"] == "front_desk-riverside"


def test_put_replaces_the_whole_ride(clinic: Clinic) -> None:
    session = clinic.books()
    clinic.named(session, arrives_at=clinic.at(3))
    ride = {"kind": "escort", "name": "Marc", "adult": True}
    replaced = clinic.desk.put(transport_path(session), ride).get_json()["transport"]
    assert replaced["phone"] is replaced["relationship"] is replaced["arrives_at"] is None


def test_after_the_dose_discharges_transport_counts(clinic: Clinic) -> None:
    session = clinic.dosed()
    answer = clinic.desk.put(transport_path(session), clinic.ride(name="Late"), expect=409).get_json()
    assert answer["type"] == "urn:afterglow:problem:wrong-state"
    assert clinic.session(session)["transport"]["name"] == "Joy Escort"


def escort_labels(clinic: Clinic, *sessions: dict[str, Any], role: str = "front_desk", site: str = "riverside") -> Any:
    asked = "&".join(f"session_id={session['session_id']}" for session in sessions)
    return clinic.staff(role, site).get(f"/escort-labels?{asked}").get_json()["items"]


def test_other_pages_learn_who_takes_whom_home_from_the_desk(clinic: Clinic) -> None:
    named, nobody = clinic.books(), clinic.books(chair_id="r2")
    clinic.named(named)
    ride = clinic.ride()
    for role in ("front_desk", "nurse", "prescriber", "medical_director"):
        assert escort_labels(clinic, named, nobody, role=role) == [
            {name: ride[name] for name in ("kind", "name", "relationship", "phone")}
            | {"session_id": named["session_id"]}
        ]


def test_whoever_may_not_read_a_session_doesnt_learn_who_fetches_them(clinic: Clinic) -> None:
    session = clinic.books()
    clinic.named(session)
    assert escort_labels(clinic, session, site="lakeview") == []
    for role in ("therapist", "operations", "privacy_officer"):
        clinic.staff(role).get(f"/escort-labels?session_id={session['session_id']}", expect=403)
    clinic.desk.get("/escort-labels", expect=422)
    clinic.desk.get("/escort-labels?session_id=mine", expect=422)
