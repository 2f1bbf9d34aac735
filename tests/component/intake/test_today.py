"""Today's board: who comes, who can't start and why, who is in a chair."""

from datetime import UTC, datetime

import pytest

from services.intake.api.answers import TodayView
from tests.component.intake.conftest import Clinic
from tests.support.statements import statements


def test_a_session_stands_on_the_board_with_all_the_desk_needs(clinic: Clinic) -> None:
    patient = clinic.registers(birth_date="1987-06-05")
    course = clinic.course(patient_id=patient["patient_id"], planned_sessions=6)
    session = clinic.books(course, chair_id="r3")
    clinic.named(session, arrives_at=clinic.at(3))
    (line,) = clinic.today()
    assert line["session_id"] == session["session_id"]
    assert (line["name"], line["record_number"], line["birth_year"]) == (patient["name"], "RIV-20001", 1987)
    assert (line["chair_name"], line["state"], line["starts_at"]) == ("R3", "booked", session["starts_at"])
    assert (line["kind"], line["number"], line["planned_sessions"]) == ("induction", 1, 6)
    assert line["transport"] == clinic.session(session)["transport"] | {"light": "green", "reason": "Confirmed."}
    assert line["in_the_way"] == []
    assert line.keys() == TodayView().fields.keys()


def test_what_stands_in_the_way_is_said_in_words(clinic: Clinic) -> None:
    clinic.books()
    (line,) = clinic.today()
    assert line["transport"]["light"] == "red"
    assert line["in_the_way"][0]["code"] == "transport-missing"
    assert line["in_the_way"][0]["message"].startswith("Can’t start: nobody is named")


def test_a_chair_still_taken_is_said(clinic: Clinic) -> None:
    clinic.dosed(duration_minutes=60)
    clinic.arrived(starts_at=clinic.at(1))
    waiting = clinic.today()[1]
    assert {"code": "chair-occupied", "message": "Nurse next, once R1 is free."} in waiting["in_the_way"]


@pytest.mark.parametrize(
    ("local", "shown"),
    [
        pytest.param("2026-03-02T00:00:00-05:00", True, id="midnight"),
        pytest.param("2026-03-01T23:59:00-05:00", False, id="the minute before"),
        pytest.param("2026-03-02T23:59:00-05:00", True, id="the last minute"),
        pytest.param("2026-03-03T00:00:00-05:00", False, id="the next midnight"),
    ],
)
def test_the_day_is_the_sites_own(clinic: Clinic, local: str, shown: bool) -> None:
    clinic.books(starts_at=local)
    assert bool(clinic.today()) is shown


def test_the_night_that_loses_an_hour_has_a_whole_day(clinic: Clinic) -> None:
    clinic.house.clock.at = datetime(2026, 3, 8, 12, tzinfo=UTC)
    clinic.books(starts_at="2026-03-08T23:59:00-04:00")
    clinic.books(starts_at="2026-03-09T00:00:00-04:00", chair_id="r2")
    assert len(clinic.today()) == 1


def test_whoever_is_in_the_house_from_yesterday_stays_on_the_board(clinic: Clinic) -> None:
    here = clinic.dosed()
    clinic.books(chair_id="r2")
    clinic.moves_on(days=1)
    assert [line["session_id"] for line in clinic.today()] == [here["session_id"]]


def test_sessions_to_come_know_their_place(clinic: Clinic) -> None:
    course = clinic.course()
    clinic.dosed(course)
    clinic.books(course, starts_at=clinic.at(8))
    clinic.books(course, starts_at=clinic.at(4))
    clinic.books(course, starts_at=clinic.at(11.5), kind="booster")
    assert [line["number"] for line in clinic.today()] == [1, 2, 3, 1]


def test_a_cancelled_session_stays_with_its_state_and_no_light(clinic: Clinic) -> None:
    clinic.act(clinic.books(), "cancel")
    (line,) = clinic.today()
    assert (line["state"], line["transport"], line["in_the_way"]) == ("cancelled", None, [])


def test_who_has_left_stays_until_midnight(clinic: Clinic) -> None:
    session = clinic.dosed()
    clinic.hears(clinic.left(session))
    (line,) = clinic.today()
    assert (line["state"], line["disposition"]) == ("left", "cleared")


def test_each_site_has_its_own_board(clinic: Clinic) -> None:
    clinic.books()
    assert clinic.today(clinic.staff("front_desk", "lakeview")) == []
    both = clinic.staff("front_desk", "riverside", "lakeview", subject="both")
    assert len(clinic.today(both)) == 1
    assert both.get("/boards/today?site_id=lakeview").get_json()["items"] == []


def test_operations_sees_the_day_without_names(clinic: Clinic) -> None:
    session = clinic.books()
    clinic.named(session)
    answer = clinic.staff("operations").get("/boards/today")
    (line,) = answer.get_json()["items"]
    assert line["transport"]["light"] == "amber"
    # Seven digits of the phone: three of them may stand in any id.
    for words in ("Joy", "sister", "555-0135", "5550135"):
        assert words not in answer.text
    assert line["name"] is line["record_number"] is line["phone"] is line["birth_year"] is None


def test_opening_the_board_is_audited_once_a_reader_site_and_day(clinic: Clinic) -> None:
    for _ in range(3):
        clinic.today()
    assert clinic.audited("today-opened") == 1
    clinic.today(clinic.nurse)
    assert clinic.audited("today-opened") == 2
    clinic.moves_on(days=1)
    clinic.today()
    assert clinic.audited("today-opened") == 3


def test_a_longer_day_costs_no_more_reads(clinic: Clinic) -> None:
    def reads() -> int:
        with statements(clinic.house.service("intake").deps.engine) as seen:
            clinic.today()
        return len(seen)

    clinic.books(kind="booster")
    clinic.today()
    few = reads()
    for number in range(2, 9):
        clinic.books(chair_id=f"r{number}")
    assert len(clinic.today()) == 8
    assert reads() == few
