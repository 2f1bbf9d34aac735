"""Transport, instructions and the suicide-risk check: whole replacements, by the version that was read."""

from typing import Any

import pytest

BODIES: dict[str, dict[str, Any]] = {
    "transport": {"kind": "escort", "name": "Robin Vale", "phone": "1", "present": True, "identified_by": "licence"},
    "instructions": {"patient_acknowledged": True, "escort_acknowledged": True},
    "suicide-risk-check": {"outcome": "no-concern"},
}


@pytest.mark.parametrize("part", BODIES)
def test_a_change_needs_the_version_that_was_read(stay: Any, part: str) -> None:
    nurse, path = stay.staff(), f"{stay.path}/{part}"
    etag = nurse.get(stay.path).headers["ETag"]
    nurse.put(path, BODIES[part], etag="", expect=428)
    stay.observe()
    stale = nurse.put(path, BODIES[part], etag=etag, expect=412).get_json()
    assert stale["type"] == "urn:afterglow:problem:stale"
    changed = nurse.put(path, BODIES[part], expect=200)
    assert changed.headers["ETag"] == nurse.get(stay.path).headers["ETag"] != etag
    assert changed.get_json() == stay.recovery()


INVALID: list[tuple[str, dict[str, Any], str]] = [
    ("transport", {}, "/kind"),
    ("transport", {"kind": "bicycle"}, "/kind"),
    ("transport", {"kind": "escort", "present": "yes"}, "/present"),
    ("transport", {"kind": "escort", "name": ""}, "/name"),
    ("transport", {"kind": "escort", "name": "a\u0000b"}, "/name"),
    ("transport", {"kind": "escort", "driver": "x"}, "/driver"),
    ("instructions", {"patient_acknowledged": True}, "/escort_acknowledged"),
    ("instructions", {"patient_acknowledged": True, "escort_acknowledged": None}, "/escort_acknowledged"),
    ("suicide-risk-check", {}, "/outcome"),
    ("suicide-risk-check", {"outcome": "fine"}, "/outcome"),
    ("suicide-risk-check", {"outcome": "no-concern", "performed_at": "2026-03-02T15:03:00Z"}, "/performed_at"),
    ("suicide-risk-check", {"outcome": "no-concern", "performed_at": "2026-03-02T14:19:59Z"}, "/performed_at"),
]


def test_an_invalid_replacement_changes_nothing(stay: Any) -> None:
    before = stay.recovery()
    for part, body, pointer in INVALID:
        problem = stay.staff().put(f"{stay.path}/{part}", body, expect=422).get_json()
        assert pointer in [error["pointer"] for error in problem["errors"]], (part, body)
    assert stay.recovery() == before


def test_transport_is_replaced_whole(stay: Any) -> None:
    nurse, path = stay.staff(), f"{stay.path}/transport"
    full = nurse.put(path, stay.escort()).get_json()["transport"]
    assert full == stay.escort()
    bare = nurse.put(path, {"kind": "contracted-ride"}).get_json()["transport"]
    assert bare == {"kind": "contracted-ride", "name": None, "phone": None, "present": False, "identified_by": None}


def test_a_patient_whom_nobody_fetches_any_more_cannot_be_released(stay: Any) -> None:
    stay.meets_every_criterion()
    stay.staff().put(f"{stay.path}/transport", {"kind": None})
    assert stay.unmet() == ["transport-missing"]
    stay.staff().put(f"{stay.path}/transport", stay.escort(present=False))
    assert stay.unmet() == ["transport-not-present"]
    stay.staff().put(f"{stay.path}/transport", stay.escort(identified_by=None))
    assert stay.unmet() == ["transport-not-present"]


def test_a_concern_is_lifted_only_by_a_prescribers_later_word(stay: Any) -> None:
    stay.meets_every_criterion()
    path = f"{stay.path}/suicide-risk-check"
    stay.staff().put(path, {"outcome": "concern"})
    assert stay.unmet() == ["suicide-risk-check"]
    stay.staff().put(path, {"outcome": "no-concern"})
    assert stay.unmet() == ["suicide-risk-check"]
    doctor = stay.staff("prescriber")
    doctor.put(path, {"outcome": "no-concern", "performed_at": stay.at(119).isoformat()})
    assert stay.unmet() == ["suicide-risk-check"]
    doctor.put(path, {"outcome": "no-concern"})
    assert stay.unmet() == []


@pytest.mark.parametrize("role", ["nurse", "prescriber", "medical_director"])
def test_a_named_clinician_releases(stay: Any, role: str) -> None:
    stay.meets_every_criterion()
    released = stay.staff(role).post(f"{stay.path}/release", expect=200).get_json()
    assert (released["state"], released["left_by"]) == ("released", f"{role}-riverside")


@pytest.mark.parametrize(
    ("minutes", "status"), [(122, 200), (122.1, 422), (-40.1, 422)], ids=["2 min ahead", "further", "before the dose"]
)
def test_leaving_lies_between_the_dose_and_now(stay: Any, minutes: float, status: int) -> None:
    stay.meets_every_criterion()
    answer = stay.staff().post(f"{stay.path}/release", {"left_at": stay.at(minutes).isoformat()}, expect=status)
    if status == 422:
        assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/left_at"]


def test_a_patient_leaves_once(stay: Any) -> None:
    stay.is_released()
    again = stay.staff().post(f"{stay.path}/release", expect=409).get_json()
    assert again["type"] == "urn:afterglow:problem:wrong-state"
    stay.staff().post(f"{stay.path}/left-against-advice", expect=409)
    assert len(stay.published()) == 1


def test_the_decision_of_one_who_has_left_stays_as_it_stood(stay: Any) -> None:
    stay.is_released()
    stay.move_to(600)
    assert stay.decision()["criteria_met"] is True


def test_a_task_is_seen_to_once(stay: Any) -> None:
    stay.staff().post(f"{stay.path}/left-against-advice", expect=200)
    [task] = stay.staff().get("/tasks?state=open").get_json()["items"]
    done = stay.staff("prescriber").post(f"/tasks/{task['task_id']}/done", {"note": "called"}, expect=200).get_json()
    assert (done["state"], done["done_by"]) == ("done", "prescriber-riverside")
    stay.staff().post(f"/tasks/{task['task_id']}/done", expect=409)
    assert stay.staff().get("/tasks?state=open").get_json()["items"] == []
    stay.staff("nurse", "lakeview").post(f"/tasks/{task['task_id']}/done", expect=404)


@pytest.mark.parametrize("part", BODIES)
def test_what_is_said_twice_at_one_instant_is_two_versions(stay: Any, part: str) -> None:
    stay.staff().put(f"{stay.path}/{part}", BODIES[part])
    first = stay.staff().get(stay.path).headers["ETag"]
    stay.staff().put(f"{stay.path}/{part}", BODIES[part], etag=first)
    assert stay.staff().get(stay.path).headers["ETag"] != first
