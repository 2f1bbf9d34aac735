"""Calls for boosters: what each outcome does, who must act next, snoozing, and taking it back."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.domain.calls import CallOutcome
from services.intake.store.tables import BoosterCallerRow, BoosterCallRow
from shared.contracts.booster_due import BoosterReason, BoosterState
from tests.component.intake.conftest import Clinic

TODAY = date(2026, 3, 2)
HELD = {"state": BoosterState.HELD, "reason": BoosterReason.ON_HOLD, "revision": 2}


def a_booster(clinic: Clinic, *, overdue: int = 10, **changes: Any) -> dict[str, Any]:
    course = clinic.course()
    clinic.hears(clinic.due(course, due_on=TODAY - timedelta(days=overdue), **changes))
    item = next(item for item in clinic.boosters() if item["patient_id"] == course["patient_id"])
    return item | {"course": course}


def says(clinic: Clinic, booster: dict[str, Any], outcome: str, *, expect: int = 201, **more: Any) -> dict[str, Any]:
    by = more.pop("by", clinic.desk)
    path = f"/boosters/{booster['booster_id']}/outcomes"
    answer: dict[str, Any] = by.post(path, {"outcome": outcome, **more}, expect=expect).get_json()
    return answer


def tasks(clinic: Clinic, role: str = "prescriber") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = clinic.staff(role).get("/booster-tasks").get_json()["items"]
    return items


def answers(clinic: Clinic, role: str, task: dict[str, Any], answer: str, *, expect: int = 200) -> dict[str, Any]:
    path = f"/booster-tasks/{task['task_id']}/answers"
    answered: dict[str, Any] = clinic.staff(role).post(path, {"answer": answer}, expect=expect).get_json()
    return answered


@pytest.mark.parametrize(
    ("outcome", "again"),
    [("no-answer", "2026-03-04T05:00:00Z"), ("left-message", "2026-03-05T05:00:00Z")],
)
def test_who_wasnt_reached_stays_on_the_list_and_is_called_again(clinic: Clinic, outcome: str, again: str) -> None:
    booster = a_booster(clinic)
    after = says(clinic, booster, outcome)
    assert (after["standing"], after["calls"], after["state"]) == ("call-later", 1, "due")
    assert after["last_call"]["call_from"] == again
    assert after["last_call"]["made_by"] == "Test front_desk"
    clinic.moves_on(days=4)
    assert clinic.boosters()[0]["standing"] == "to-call"


def test_a_call_back_comes_at_the_time_that_was_given(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    after = says(clinic, booster, "call-back-later", call_back_at=clinic.at(hours=6), reason="at-work")
    assert (after["standing"], after["last_call"]["call_from"]) == ("call-later", clinic.at(hours=6))
    clinic.moves_on(hours=5, minutes=59)
    assert clinic.boosters()[0]["standing"] == "call-later"
    clinic.moves_on(minutes=1)
    assert clinic.boosters()[0]["standing"] == "to-call"


@pytest.mark.parametrize(
    ("outcome", "said", "pointer"),
    [
        ("call-back-later", {}, "/call_back_at"),
        ("call-back-later", {"call_back_at": "2026-03-02T15:00:00Z"}, "/call_back_at"),
        ("call-back-later", {"call_back_at": "2026-03-31T15:00:00Z"}, "/call_back_at"),
        ("call-back-later", {"call_back_at": "2026-03-03T15:00:00Z", "reason": "died"}, "/reason"),
        ("no-answer", {"call_back_at": "2026-03-03T15:00:00Z"}, "/call_back_at"),
        ("no-answer", {"reason": "cost"}, "/reason"),
        ("no-answer", {"phone": "(212) 555-0199"}, "/phone"),
        ("not-now", {}, "/reason"),
        ("no-longer-patient", {"reason": "at-work"}, "/reason"),
        ("wrong-number", {"phone": "nobody knows"}, "/phone"),
        ("gone", {}, "/outcome"),
    ],
)
def test_an_outcome_that_lacks_something_is_refused_by_name(
    clinic: Clinic, outcome: str, said: dict[str, str], pointer: str
) -> None:
    booster = a_booster(clinic)
    refused = says(clinic, booster, outcome, expect=422, **said)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]
    assert clinic.boosters()[0]["calls"] == 0


def test_nobody_is_called_while_on_hold(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    clinic.hears(clinic.due(booster["course"], due_on=TODAY, **HELD))
    held = clinic.boosters()[0]
    assert (held["standing"], held["phone"]) == ("held", None)
    assert says(clinic, booster, "no-answer", expect=409)["type"].endswith("on-hold")
    path = f"/boosters/{booster['booster_id']}/snooze"
    clinic.desk.post(path, {"until": "2026-03-09", "reason": "travelling"}, expect=409)


def test_a_no_goes_to_the_prescriber_who_may_have_them_asked_again(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    after = says(clinic, booster, "not-now", reason="cost")
    assert (after["standing"], after["phone"]) == ("with-colleague", None)
    assert says(clinic, booster, "no-answer", expect=409)["type"].endswith("with-colleague")
    (task,) = tasks(clinic)
    assert (task["kind"], task["reason"], task["raised_by"]) == ("booster-declined", "cost", "Test front_desk")
    answers(clinic, "nurse", task, "call-again", expect=403)
    answered = answers(clinic, "prescriber", task, "call-again")
    assert (answered["answer"], answered["done_by"]) == ("call-again", "Test prescriber")
    assert clinic.boosters()[0]["standing"] == "to-call"
    answers(clinic, "prescriber", task, "call-again", expect=409)


def test_off_the_list_lasts_until_maintenance_asks_anew(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    says(clinic, booster, "not-now", reason="no-need")
    answers(clinic, "prescriber", tasks(clinic)[0], "off-the-list")
    assert clinic.boosters()[0]["standing"] == "off"
    says(clinic, booster, "no-answer", expect=409)
    clinic.hears(clinic.due(booster["course"], due_on=TODAY + timedelta(days=9), revision=2))
    assert clinic.boosters()[0]["standing"] == "to-call"


def test_who_wants_a_clinician_is_for_a_nurse_too(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    says(clinic, booster, "wants-clinician")
    (task,) = tasks(clinic, "nurse")
    assert task["kind"] == "talk-to-patient"
    answers(clinic, "nurse", task, "off-the-list", expect=422)
    answers(clinic, "nurse", task, "call-again")
    assert clinic.boosters()[0]["standing"] == "to-call"
    assert tasks(clinic, "nurse") == []


def test_that_somebody_has_left_is_confirmed_by_the_medical_director_not_by_who_said_it(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    director = clinic.staff("medical_director")
    says(clinic, booster, "no-longer-patient", reason="moved-away", by=director)
    (task,) = tasks(clinic)
    answers(clinic, "prescriber", task, "off-the-list", expect=403)
    own = answers(clinic, "medical_director", task, "off-the-list", expect=409)
    assert own["type"].endswith("own-word")
    other = clinic.staff("medical_director", subject="another director")
    other.post(f"/booster-tasks/{task['task_id']}/answers", {"answer": "off-the-list"}, expect=200)
    assert clinic.boosters()[0]["standing"] == "off"


def test_a_wrong_number_is_replaced_and_the_old_one_kept(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    old = booster["phone"]
    after = says(clinic, booster, "wrong-number", phone="(212) 555-0199")
    assert (after["phone"], after["standing"]) == ("(212) 555-0199", "to-call")
    assert clinic.desk.get("/patients?query=5550199").get_json()["items"][0]["patient_id"] == booster["patient_id"]
    assert ("write", "patient-phone-changed") in clinic.audit(booster["patient_id"])
    clinic.desk.post(f"/boosters/{booster['booster_id']}/undo", expect=200)
    assert clinic.boosters()[0]["phone"] == old


def test_without_a_right_number_no_phone_is_shown(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    assert says(clinic, booster, "wrong-number")["phone"] is None
    assert says(clinic, booster, "wrong-number", phone=booster["phone"], expect=422)["errors"][0]["pointer"] == "/phone"
    assert says(clinic, booster, "wrong-number", phone="(212) 555-0142")["phone"] == "(212) 555-0142"


def test_a_snooze_lasts_to_its_day_or_until_somebody_brings_them_back(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    path = f"/boosters/{booster['booster_id']}"
    for until in ("2026-03-02", "2026-03-31"):
        clinic.desk.post(f"{path}/snooze", {"until": until, "reason": "travelling"}, expect=422)
    after = clinic.desk.post(f"{path}/snooze", {"until": "2026-03-09", "reason": "travelling"}, expect=200).get_json()
    assert (after["standing"], after["snoozed_until"], after["snooze_reason"]) == (
        "snoozed",
        "2026-03-09",
        "travelling",
    )
    says(clinic, booster, "no-answer", expect=409)
    assert clinic.desk.post(f"{path}/bring-back", expect=200).get_json()["standing"] == "to-call"
    clinic.desk.post(f"{path}/bring-back", expect=409)
    clinic.desk.post(f"{path}/snooze", {"until": "2026-03-30", "reason": "other"}, expect=200)
    clinic.moves_on(days=27, hours=12)  # the clocks go forward on the way
    assert clinic.boosters()[0]["standing"] == "snoozed"
    clinic.moves_on(hours=1)
    assert (clinic.boosters()[0]["standing"], clinic.boosters()[0]["snoozed_until"]) == ("to-call", None)
    clinic.desk.post(f"{path}/bring-back", expect=409)


def test_an_outcome_is_taken_back_for_ten_minutes_and_its_task_with_it(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    undo = f"/boosters/{booster['booster_id']}/undo"
    clinic.desk.post(undo, expect=409)
    says(clinic, booster, "no-longer-patient", reason="died")
    clinic.moves_on(minutes=10)
    after = clinic.desk.post(undo, expect=200).get_json()
    assert (after["standing"], after["calls"], after["last_call"]) == ("to-call", 0, None)
    assert tasks(clinic) == []
    says(clinic, booster, "no-answer")
    clinic.moves_on(minutes=10, seconds=1)
    assert clinic.desk.post(undo, expect=409).get_json()["type"].endswith("too-late")


def test_what_a_colleague_has_answered_isnt_taken_back(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    says(clinic, booster, "not-now", reason="cost")
    answers(clinic, "prescriber", tasks(clinic)[0], "off-the-list")
    undone = clinic.desk.post(f"/boosters/{booster['booster_id']}/undo", expect=409).get_json()
    assert undone["type"].endswith("answered")


def test_the_note_is_sealed_and_read_by_name_of_the_reader(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    says(clinic, booster, "no-answer", note="Ask for the daughter")
    with clinic.house.service("intake").unit_of_work() as uow:
        row = uow.session.query(BoosterCallRow).one()
        assert b"daughter" not in (row.note_sealed or b"")
    (call,) = clinic.desk.get(f"/boosters/{booster['booster_id']}/calls").get_json()["items"]
    assert (call["note"], call["outcome"]) == ("Ask for the daughter", "no-answer")
    assert ("read", "booster-calls-read") in clinic.audit(booster["patient_id"])


def test_every_act_is_audited_once(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    path = f"/boosters/{booster['booster_id']}"
    says(clinic, booster, "wants-clinician")
    clinic.desk.post(f"{path}/undo", expect=200)
    clinic.desk.post(f"{path}/snooze", {"until": "2026-03-09", "reason": "travelling"}, expect=200)
    clinic.desk.post(f"{path}/bring-back", expect=200)
    says(clinic, booster, "not-now", reason="cost")
    answers(clinic, "prescriber", tasks(clinic)[0], "call-again")
    actions = [action for access, action in clinic.audit(booster["patient_id"]) if access == "write"]
    assert actions[-8:] == [
        "booster-task-raised",
        "booster-call-recorded",
        "booster-call-undone",
        "booster-snoozed",
        "booster-brought-back",
        "booster-task-raised",
        "booster-call-recorded",
        "booster-task-answered",
    ]


def test_operations_sees_no_word_of_a_call(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    says(clinic, booster, "not-now", reason="cost")
    (item,) = clinic.staff("operations").get("/boosters").get_json()["items"]
    assert (item["name"], item["phone"], item["last_call"], item["calls"]) == (None, None, None, 1)


def test_booked_stays_on_the_list_until_a_session_stands(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    assert says(clinic, booster, "booked")["standing"] == "to-call"
    clinic.books(booster["course"], kind="booster")
    assert clinic.boosters()[0]["standing"] == "off"


@pytest.mark.parametrize("outcome", list(CallOutcome))
def test_nobody_leaves_the_list_by_an_outcome_alone(clinic: Clinic, outcome: CallOutcome) -> None:
    booster = a_booster(clinic)
    more: dict[str, Any] = {}
    if outcome in (CallOutcome.NOT_NOW, CallOutcome.NO_LONGER_PATIENT):
        more["reason"] = "cost" if outcome is CallOutcome.NOT_NOW else "moved-away"
    if outcome is CallOutcome.CALL_BACK_LATER:
        more["call_back_at"] = clinic.at(hours=1)
    assert says(clinic, booster, outcome, **more)["standing"] != "off"


def test_two_callers_of_one_number_dont_share_a_call(clinic: Clinic) -> None:
    booster = a_booster(clinic)
    says(clinic, booster, "no-answer")
    says(clinic, booster, "left-message", by=clinic.staff("front_desk", subject="the other desk"))
    made = clinic.desk.get(f"/boosters/{booster['booster_id']}/calls").get_json()["items"]
    assert [call["outcome"] for call in made] == ["left-message", "no-answer"]
    with clinic.house.service("intake").unit_of_work() as uow:
        assert uow.session.query(BoosterCallerRow).count() == 0
