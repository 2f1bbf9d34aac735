"""Boosters to call: as maintenance asks, booked by the desk, fulfilled by a dose, never lost from the list."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.intake.handlers import handlers
from shared.contracts.booster_due import BoosterDue, BoosterReason, BoosterState
from tests.component.intake.conftest import BASELINE, Clinic

HELD = {"state": BoosterState.HELD, "reason": BoosterReason.ON_HOLD}


def tell(clinic: Clinic, event: BoosterDue) -> None:
    running = clinic.house.service("intake")
    with running.unit_of_work() as uow:
        handlers(running.deps)["booster-due"](uow, event, clinic.house.clock.at)


def the_booster(clinic: Clinic) -> dict[str, Any]:
    (item,) = clinic.boosters()
    return item


def test_a_due_booster_stands_on_the_list(clinic: Clinic) -> None:
    patient = clinic.registers()
    course = clinic.course(patient_id=patient["patient_id"])
    clinic.hears(clinic.due(course))
    item = the_booster(clinic)
    assert item["patient_id"] == patient["patient_id"]
    assert (item["name"], item["phone"]) == (patient["name"], patient["phone"])
    assert (item["due_on"], item["state"], item["urgency"]) == ("2026-03-10", "due", "due-soon")
    assert (item["days_overdue"], item["interval_days"], item["reason"]) == (-8, 42, "interval-set")
    assert (item["cycle"], item["session_id"], item["product"]) == (1, None, "ketamine-iv")


@pytest.mark.parametrize(
    ("days", "urgency"),
    [(31, "overdue-30"), (30, "overdue-8"), (8, "overdue-8"), (7, "overdue-1"), (1, "overdue-1"), (0, "due-soon")],
)
def test_urgency_grows_with_the_sites_local_days(clinic: Clinic, days: int, urgency: str) -> None:
    tell(clinic, clinic.due(clinic.course(), due_on=date(2026, 3, 2) - timedelta(days=days)))
    assert the_booster(clinic)["urgency"] == urgency


def test_a_day_begins_at_the_sites_midnight(clinic: Clinic) -> None:
    tell(clinic, clinic.due(clinic.course(), due_on=date(2026, 3, 2)))
    clinic.moves_on(hours=13, minutes=59)
    assert the_booster(clinic)["days_overdue"] == 0
    clinic.moves_on(minutes=1)
    assert the_booster(clinic)["days_overdue"] == 1


def test_the_most_urgent_comes_first_and_the_done_last(clinic: Clinic) -> None:
    days = {"later": 20, "soon": 3, "over": -40, "week": -3}
    for number, ahead in enumerate(days.values()):
        due_on = date(2026, 3, 2) + timedelta(days=ahead)
        tell(clinic, clinic.due(clinic.course(), cycle=number + 1, due_on=due_on))
    tell(clinic, clinic.due(clinic.course(), due_on=date(2025, 1, 1), state=BoosterState.FULFILLED))
    urgencies = [item["urgency"] for item in clinic.boosters()]
    assert urgencies == ["overdue-30", "overdue-1", "due-soon", "later", None]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_the_highest_revision_wins_in_any_order(clinic: Clinic, order: tuple[int, ...]) -> None:
    course = clinic.course()
    words = {1: {}, 2: HELD, 3: {"due_on": date(2026, 4, 1), "reason": BoosterReason.INTERVAL_CHANGED}}
    for revision in order:
        tell(clinic, clinic.due(course, revision=revision, **words[revision]))
    item = the_booster(clinic)
    assert (item["due_on"], item["state"], item["reason"]) == ("2026-04-01", "due", "interval-changed")


def test_the_same_word_twice_changes_nothing(clinic: Clinic) -> None:
    event = clinic.due(clinic.course())
    tell(clinic, event)
    before = the_booster(clinic)
    clinic.moves_on(minutes=5)
    tell(clinic, event)
    assert the_booster(clinic) == before


def test_booking_marks_it_and_cancelling_gives_it_back(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course))
    session = clinic.books(course, kind="booster", starts_at=clinic.at(48))
    item = the_booster(clinic)
    assert (item["state"], item["session_id"]) == ("booked", session["session_id"])
    clinic.act(session, "cancel")
    item = the_booster(clinic)
    assert (item["state"], item["session_id"]) == ("due", None)


def test_a_missed_booster_is_to_be_called_again(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course))
    clinic.act(clinic.books(course, kind="booster"), "no-show")
    assert the_booster(clinic)["state"] == "due"


def test_an_induction_books_no_booster(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course))
    clinic.books(course, kind="induction")
    assert the_booster(clinic)["state"] == "due"


def test_another_patients_booster_is_not_theirs(clinic: Clinic) -> None:
    course, other = clinic.course(), clinic.course()
    tell(clinic, clinic.due(course))
    clinic.books(other, kind="booster")
    assert the_booster(clinic)["state"] == "due"


def test_a_booster_booked_before_it_was_due_is_found(clinic: Clinic) -> None:
    course = clinic.course()
    session = clinic.books(course, kind="booster", starts_at=clinic.at(48))
    tell(clinic, clinic.due(course))
    assert the_booster(clinic)["session_id"] == session["session_id"]


def test_cancelling_one_of_two_booked_boosters_leaves_it_booked(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course))
    first = clinic.books(course, kind="booster", starts_at=clinic.at(24))
    second = clinic.books(course, kind="booster", starts_at=clinic.at(48))
    clinic.act(first, "cancel")
    item = the_booster(clinic)
    assert (item["state"], item["session_id"]) == ("booked", second["session_id"])


def test_a_dosed_booster_tells_its_cycle(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course, cycle=3))
    session = clinic.dosed(course, kind="booster")
    assert session["booster_cycle"] == 3
    assert clinic.published()[-1].booster_cycle == 3
    tell(clinic, clinic.due(course, cycle=3, revision=2, state=BoosterState.FULFILLED))
    item = the_booster(clinic)
    assert (item["state"], item["urgency"]) == ("fulfilled", None)


def test_a_booster_nobody_asked_for_has_no_cycle(clinic: Clinic) -> None:
    assert clinic.dosed(kind="booster")["booster_cycle"] is None
    assert clinic.published()[-1].booster_cycle is None


def test_two_sessions_fulfil_two_cycles(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course, cycle=1))
    clinic.dosed(course, kind="booster")
    tell(clinic, clinic.due(course, cycle=1, revision=2, state=BoosterState.FULFILLED))
    tell(clinic, clinic.due(course, cycle=2, due_on=date(2026, 4, 21)))
    assert {item["cycle"]: item["state"] for item in clinic.boosters()} == {1: "fulfilled", 2: "due"}
    assert clinic.dosed(course, kind="booster", starts_at=clinic.at(4))["booster_cycle"] == 2


def test_a_hold_says_dont_call_and_survives_the_booking(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course))
    session = clinic.books(course, kind="booster", starts_at=clinic.at(1))
    tell(clinic, clinic.due(course, revision=2, **HELD))
    item = the_booster(clinic)
    assert (item["state"], item["phone"], item["reason"]) == ("held", None, "on-hold")
    assert item["name"] is not None
    tell(clinic, clinic.due(course, revision=3))
    item = the_booster(clinic)
    assert (item["state"], item["session_id"]) == ("booked", session["session_id"])


def test_a_booster_on_hold_is_not_started(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course, **HELD))
    session = clinic.arrived(course, kind="booster")
    problem = clinic.act(session, "start", {"baseline": BASELINE}, expect=409)
    assert problem["type"] == "urn:afterglow:problem:on-hold"
    (line,) = clinic.today()
    assert [found["code"] for found in line["in_the_way"]] == ["on-hold"]
    tell(clinic, clinic.due(course, revision=2))
    clinic.act(session, "start", {"baseline": BASELINE})


def test_a_withdrawn_cycle_leaves_the_booking_to_the_next(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course))
    session = clinic.books(course, kind="booster", starts_at=clinic.at(48))
    tell(clinic, clinic.due(course, revision=2, state=BoosterState.WITHDRAWN))
    tell(clinic, clinic.due(course, cycle=2))
    by_cycle = {item["cycle"]: (item["state"], item["session_id"]) for item in clinic.boosters()}
    assert by_cycle == {1: ("withdrawn", session["session_id"]), 2: ("booked", session["session_id"])}


def test_a_booster_dose_struck_is_to_be_called_again(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course))
    session = clinic.dosed(course, kind="booster")
    clinic.act(session, "corrections", {"entered_in_error": True, "reason": "wrong patient"})
    assert clinic.published()[-1].booster_cycle == 1
    assert the_booster(clinic)["state"] == "due"


def test_a_fulfilled_cycle_that_opens_again_is_to_be_called(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course))
    session = clinic.dosed(course, kind="booster")
    tell(clinic, clinic.due(course, revision=2, state=BoosterState.FULFILLED))
    clinic.act(session, "corrections", {"entered_in_error": True, "reason": "wrong patient"})
    tell(clinic, clinic.due(course, revision=3))
    assert the_booster(clinic)["state"] == "due"


def test_the_list_is_the_courses_sites(clinic: Clinic) -> None:
    course = clinic.course()
    tell(clinic, clinic.due(course, site_id="lakeview"))
    assert len(clinic.boosters()) == 1
    assert clinic.staff("front_desk", "lakeview").get("/boosters").get_json()["items"] == []


def test_a_booster_of_somebody_unknown_is_kept_with_ids_alone(clinic: Clinic) -> None:
    stranger = clinic.course() | {"patient_id": "11111111-1111-4111-8111-111111111111"}
    stranger["course_id"] = "22222222-2222-4222-8222-222222222222"
    tell(clinic, clinic.due(stranger))
    item = the_booster(clinic)
    assert item["patient_id"] == stranger["patient_id"]
    assert item["name"] is item["phone"] is item["product"] is None


@pytest.mark.parametrize("state", ["due", "booked", "held", "withdrawn", "fulfilled"])
def test_the_list_is_filtered_by_state(clinic: Clinic, state: str) -> None:
    for word in BoosterState:
        tell(clinic, clinic.due(clinic.course(), state=word))
    booked = clinic.course()
    tell(clinic, clinic.due(booked))
    clinic.books(booked, kind="booster")
    assert [item["state"] for item in clinic.boosters(f"?state={state}")] == [state]
    assert len(clinic.boosters(f"?state={state}&state=due")) == (1 if state == "due" else 2)
    clinic.desk.get("/boosters?state=lost", expect=422)


def test_operations_sees_the_list_without_names(clinic: Clinic) -> None:
    tell(clinic, clinic.due(clinic.course()))
    (item,) = clinic.staff("operations").get("/boosters").get_json()["items"]
    assert item["state"] == "due"
    assert item["name"] is item["phone"] is item["record_number"] is None


def test_opening_the_list_is_audited_once_a_day(clinic: Clinic) -> None:
    for _ in range(3):
        clinic.boosters()
    assert clinic.audited("boosters-opened") == 1
    clinic.moves_on(days=1)
    clinic.boosters()
    assert clinic.audited("boosters-opened") == 2
