"""Charting: limits, what is absent, holds and emergencies."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.house import House

FULL: dict[str, Any] = {
    "observed_at": "2026-03-02T15:01:00Z",
    "systolic_mmhg": 121,
    "diastolic_mmhg": 79,
    "heart_rate_bpm": 66,
    "spo2_percent": 97,
    "moaas": 4,
    "nausea_0_10": 2,
    "vomiting": False,
    "oriented": True,
    "steady_gait": False,
    "fluids_tolerated": True,
    "dissociation_resolved": False,
    "cadss": 7,
    "cadss_6": 3,
    "aldrete": {"activity": 2, "respiration": 1, "circulation": 2, "consciousness": 0, "oxygen": 1},
    "padss": {"vital_signs": 2, "activity": 1, "nausea_vomiting": 0, "pain": 1, "dissociation": 2},
    "symptoms": [{"code": "dizziness", "grade": 2}, {"code": "headache", "grade": 0}],
}


def test_every_field_comes_back_as_it_was_charted(stay: Any) -> None:
    stay.move_to(5)
    made = stay.staff().post(f"{stay.path}/observations", FULL, expect=201).get_json()
    [listed] = stay.staff().get(f"{stay.path}/observations").get_json()["items"]
    for name, value in FULL.items():
        assert made[name] == value, name
        assert listed[name] == value, name
    assert (made["recorded_at"], made["recorded_by"]) == ("2026-03-02T15:05:00Z", "nurse-riverside")
    assert made["state"] == "recovering"


def test_what_is_absent_was_not_charted(stay: Any) -> None:
    made = stay.staff().post(f"{stay.path}/observations", {"moaas": 5}, expect=201).get_json()
    assert made["moaas"] == 5
    assert all(made[name] is None for name in FULL if name not in {"observed_at", "moaas"})
    vitals = stay.recovery()["vitals"]
    assert (vitals["moaas"], vitals["systolic_mmhg"], vitals["spo2_percent"]) == (5, None, None)


def test_the_board_shows_the_latest_vitals_and_the_pressure_before(stay: Any) -> None:
    stay.observe(systolic_mmhg=150, diastolic_mmhg=95)
    stay.move_to(20)
    stay.observe(systolic_mmhg=130, diastolic_mmhg=85, heart_rate_bpm=61, spo2_percent=96, moaas=4)
    recovery = stay.recovery()
    assert recovery["vitals"] == {
        "observed_at": "2026-03-02T15:20:00Z",
        "pressure_at": "2026-03-02T15:20:00Z",
        "systolic_mmhg": 130,
        "diastolic_mmhg": 85,
        "previous_pressure_at": "2026-03-02T15:00:00Z",
        "previous_systolic_mmhg": 150,
        "previous_diastolic_mmhg": 95,
        "heart_rate_bpm": 61,
        "spo2_percent": 96,
        "moaas": 4,
    }
    assert recovery["minutes_since_dose"] == 20
    assert recovery["next_observation_due_at"] == "2026-03-02T15:40:00Z"


SLIPS: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "systolic 20": ({"systolic_mmhg": 20}, "/systolic_mmhg", "Must be 40 to 300."),
    "systolic 301": ({"systolic_mmhg": 301}, "/systolic_mmhg", "Must be 40 to 300."),
    "diastolic 19": ({"diastolic_mmhg": 19}, "/diastolic_mmhg", "Must be 20 to 200."),
    "swapped": ({"diastolic_mmhg": 118}, "/diastolic_mmhg", "Must be below systolic_mmhg."),
    "heart rate 251": ({"heart_rate_bpm": 251}, "/heart_rate_bpm", "Must be 20 to 250."),
    "SpO2 140": ({"spo2_percent": 140}, "/spo2_percent", "Must be 30 to 100."),
    "MOAA/S 6": ({"moaas": 6}, "/moaas", "Must be 0 to 5."),
    "nausea 11": ({"nausea_0_10": 11}, "/nausea_0_10", "Must be 0 to 10."),
    "CADSS 93": ({"cadss": 93}, "/cadss", "Must be 0 to 92."),
    "CADSS-6 25": ({"cadss_6": 25}, "/cadss_6", "Must be 0 to 24."),
    "text": ({"moaas": "5"}, "/moaas", "Not a whole number."),
    "a fraction": ({"moaas": 4.5}, "/moaas", "Not a valid integer."),
    "text for a flag": ({"oriented": "yes"}, "/oriented", "Must be true or false."),
    "a number for a flag": ({"oriented": 1}, "/oriented", "Must be true or false."),
    "half": ({"systolic_mmhg": None}, "/systolic_mmhg", "A blood pressure needs both components."),
    "unknown symptom": ({"symptoms": [{"code": "rash", "grade": 1}]}, "/symptoms/0/code", None),
    "grade 4": ({"symptoms": [{"code": "headache", "grade": 4}]}, "/symptoms/0/grade", None),
    "twice": ({"symptoms": [{"code": "headache", "grade": 1}] * 2}, "/symptoms", "Each code once."),
    "half a score": ({"aldrete": {"activity": 2}}, "/aldrete/oxygen", None),
    "item 3": ({"padss": {"pain": 3}}, "/padss/pain", "Must be 0 to 2."),
    "unknown field": ({"temperature": 37}, "/temperature", "Unknown field."),
    "no instant": ({"observed_at": "10:00"}, "/observed_at", None),
    "no offset": ({"observed_at": "2026-03-02T15:00:00"}, "/observed_at", None),
}


def test_a_slip_of_the_pen_is_refused_by_name_and_limit(stay: Any) -> None:
    before = stay.recovery()
    for slip, (change, pointer, detail) in SLIPS.items():
        problem = stay.observe(expect=422, **change)
        found = {error["pointer"]: error["detail"] for error in problem["errors"]}
        assert pointer in found, slip
        assert detail is None or found[pointer] == detail, slip
    assert stay.recovery() == before


def test_charting_nothing_is_no_observation(stay: Any) -> None:
    for body in ({}, {"observed_at": "2026-03-02T15:00:00Z"}, {"moaas": None}):
        stay.staff().post(f"{stay.path}/observations", body, expect=422)
    assert stay.recovery()["vitals"]["observed_at"] is None


@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        pytest.param(2, 201, id="2 min ahead"),
        pytest.param(2.01, 422, id="further ahead"),
        pytest.param(-40, 201, id="at the start of administration"),
        pytest.param(-40.01, 422, id="before it"),
    ],
)
def test_an_observation_was_made_between_the_dose_and_now(stay: Any, minutes: float, status: int) -> None:
    answer = stay.observe(expect=status, observed_at=stay.at(minutes).isoformat())
    if status == 422:
        assert [error["pointer"] for error in answer["errors"]] == ["/observed_at"]


def test_an_observation_two_minutes_ahead_counts_at_once(stay: Any) -> None:
    stay.move_to(118)
    stay.observe(observed_at=stay.at(105).isoformat())
    stay.observe(observed_at=stay.at(120).isoformat(), moaas=3)
    assert "sedation" in stay.unmet()


def test_a_hold_lifts_with_the_next_reading(stay: Any) -> None:
    assert stay.observe(systolic_mmhg=161)["state"] == "held"
    assert stay.recovery()["state"] == "held"
    stay.move_to(60)
    assert stay.unmet()[0] == "pressure-hold"
    assert stay.observe(moaas=5, systolic_mmhg=None, diastolic_mmhg=None)["state"] == "held"
    assert stay.observe(systolic_mmhg=160)["state"] == "recovering"


def test_low_oxygen_holds(stay: Any) -> None:
    assert stay.observe(spo2_percent=91)["state"] == "held"
    assert stay.observe(spo2_percent=92)["state"] == "recovering"


def test_a_reading_charted_late_neither_lifts_nor_makes_a_hold(stay: Any) -> None:
    stay.move_to(20)
    assert stay.observe(systolic_mmhg=165)["state"] == "held"
    assert stay.observe(observed_at=stay.at(10).isoformat())["state"] == "held"


def test_each_emergency_needs_an_acknowledgement_of_its_own(stay: Any) -> None:
    assert stay.observe(systolic_mmhg=180)["state"] == "emergency"
    stay.move_to(5)
    stay.observe(symptoms=[{"code": "chest-pain", "grade": 1}])
    stay.move_to(10)
    assert stay.observe()["state"] == "emergency"
    assert stay.tasks() == ["emergency", "emergency"]
    assert [e["signs"] for e in stay.recovery()["emergencies"]] == [["pressure"], ["chest-pain"]]

    doctor = stay.staff("prescriber")
    seen = doctor.post(f"{stay.path}/acknowledgements", {"note": "seen at the chair"}, expect=200).get_json()
    assert (seen["state"], seen["open_emergencies"]) == ("emergency", 1)
    assert stay.unmet()[0] == "emergency-unacknowledged"
    again = stay.staff("medical_director").post(f"{stay.path}/acknowledgements", expect=200).get_json()
    assert (again["state"], again["open_emergencies"]) == ("recovering", 0)
    assert "emergency-unacknowledged" not in stay.unmet()
    doctor.post(f"{stay.path}/acknowledgements", expect=409)


def test_an_acknowledged_pressure_still_holds_until_it_falls(stay: Any) -> None:
    stay.observe(systolic_mmhg=185)
    seen = stay.staff("prescriber").post(f"{stay.path}/acknowledgements", expect=200).get_json()
    assert seen["state"] == "held"


def test_a_nurse_cannot_acknowledge_an_emergency(stay: Any) -> None:
    stay.observe(systolic_mmhg=185)
    stay.staff("nurse").post(f"{stay.path}/acknowledgements", expect=403)
    assert stay.recovery()["state"] == "emergency"


def test_an_emergency_can_be_acknowledged_after_leaving_against_advice(stay: Any) -> None:
    stay.observe(systolic_mmhg=185)
    stay.staff().post(f"{stay.path}/left-against-advice", expect=200)
    seen = stay.staff("prescriber").post(f"{stay.path}/acknowledgements", expect=200).get_json()
    assert (seen["state"], seen["open_emergencies"]) == ("left-against-advice", 0)


def test_nothing_is_charted_once_the_patient_has_left(stay: Any) -> None:
    stay.staff().post(f"{stay.path}/left-against-advice", expect=200)
    assert stay.observe(expect=409)["type"] == "urn:afterglow:problem:wrong-state"
    nurse = stay.staff()
    nurse.put(f"{stay.path}/transport", stay.escort(), expect=409)
    nurse.put(f"{stay.path}/instructions", {"patient_acknowledged": True, "escort_acknowledged": True}, expect=409)
    nurse.put(f"{stay.path}/suicide-risk-check", {"outcome": "no-concern"}, expect=409)
    nurse.post(f"{stay.path}/release", expect=409)
    nurse.post(f"{stay.path}/left-against-advice", expect=409)


def test_each_observation_grows_the_recoverys_version(stay: Any) -> None:
    nurse = stay.staff()
    before = nurse.get(stay.path).headers["ETag"]
    made = nurse.post(f"{stay.path}/observations", {"moaas": 5}, expect=201)
    assert made.headers["ETag"] == nurse.get(stay.path).headers["ETag"] != before


def test_a_missed_observation_is_overdue_until_somebody_looks(stay: Any) -> None:
    stay.observe()
    stay.move_to(30)
    assert "observation-overdue" not in stay.unmet()
    assert stay.recovery()["next_observation_overdue"] is False
    stay.move_to(31)
    assert "observation-overdue" in stay.unmet()
    assert stay.recovery()["next_observation_overdue"] is True
    stay.observe()
    assert "observation-overdue" not in stay.unmet()
    assert stay.recovery()["next_observation_due_at"] == "2026-03-02T16:00:00Z"


@pytest.mark.parametrize(
    ("changes", "tasks"),
    [
        pytest.param({}, [], id="well"),
        pytest.param({"symptoms": [{"code": "dizziness", "grade": 1}]}, ["lasting-symptoms"], id="dizzy"),
    ],
)
def test_symptoms_past_four_hours_call_a_clinician(
    stay: Any, house: House, changes: dict[str, Any], tasks: list[str]
) -> None:
    stay.move_to(230)
    stay.observe(**changes)
    house.step_to(stay.at(239))
    assert stay.tasks() == []
    house.advance(timedelta(minutes=1))
    assert stay.tasks() == tasks
    house.advance(timedelta(hours=5))
    assert stay.tasks() == tasks


def test_a_repeat_with_the_same_key_charts_once(stay: Any) -> None:
    key = {"Idempotency-Key": "one-look"}
    first = stay.staff().post(f"{stay.path}/observations", {"moaas": 5}, headers=key, expect=201).get_json()
    second = stay.staff().post(f"{stay.path}/observations", {"moaas": 5}, headers=key, expect=201).get_json()
    assert first["observation_id"] == second["observation_id"]
    assert len(stay.staff().get(f"{stay.path}/observations").get_json()["items"]) == 1
