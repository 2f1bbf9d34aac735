"""A step is small, the patient's own, and either it happened or it didn't."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.fields import instant_text
from tests.component.integration.conftest import Someone

STEP = "sit by the river"


@pytest.fixture
def cleared(someone: Someone) -> Someone:
    someone.leaves()
    return someone


def step(someone: Someone, **changes: Any) -> dict[str, Any]:
    facts = {
        "patient_id": str(someone.patient_id),
        "session_id": str(someone.session_id),
        "text": STEP,
        "minutes": 10,
        "sharing": "therapist",
    }
    return facts | changes


def add(someone: Someone, **changes: Any) -> str:
    made = someone.portal().post("/action-steps", step(someone, **changes), expect=201).get_json()
    return f"/action-steps/{made['action_step_id']}"


def test_a_step_is_read_back_whole(cleared: Someone) -> None:
    made = cleared.portal().post("/action-steps", step(cleared), expect=201).get_json()
    assert cleared.portal().get(f"/action-steps/{made['action_step_id']}").get_json() == made
    assert made == step(cleared) | {
        "action_step_id": made["action_step_id"],
        "site_id": "riverside",
        "state": "planned",
        "added_at": instant_text(cleared.at(0)),
        "happened_at": None,
    }


@pytest.mark.parametrize(("minutes", "status"), [(0, 422), (1, 201), (10, 201), (11, 422), ("5", 422), (2.5, 422)])
def test_a_step_takes_ten_minutes_at_most(cleared: Someone, minutes: Any, status: int) -> None:
    answer = cleared.portal().post("/action-steps", step(cleared, minutes=minutes), expect=status).get_json()
    if status == 422:
        assert [error["pointer"] for error in answer["errors"]] == ["/minutes"]


@pytest.mark.parametrize("outcome", ["done", "partly", "not-done"])
def test_an_outcome_is_told_once(cleared: Someone, outcome: str) -> None:
    path = add(cleared)
    cleared.house.clock.at = cleared.at(70)
    told = cleared.portal().post(f"{path}/outcome", {"outcome": outcome}, expect=200).get_json()
    assert told["state"] == outcome
    assert told["happened_at"] == instant_text(cleared.at(70))
    again = cleared.portal().post(f"{path}/outcome", {"outcome": "done"}, expect=409).get_json()
    assert again["type"] == "urn:afterglow:problem:wrong-state"


@pytest.mark.parametrize(
    ("happened", "status"),
    [
        (timedelta(seconds=-1), 422),
        (timedelta(0), 200),
        (timedelta(hours=48, minutes=2), 200),
        (timedelta(hours=48, minutes=2, seconds=1), 422),
    ],
    ids=["before the session's end", "at its end", "two minutes ahead", "further ahead"],
)
def test_an_outcome_is_dated_within_reason(cleared: Someone, happened: timedelta, status: int) -> None:
    path = add(cleared)
    cleared.house.clock.at = cleared.at(48)
    told = {"outcome": "done", "happened_at": instant_text(cleared.ended_at + happened)}
    cleared.portal().post(f"{path}/outcome", told, expect=status)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"text": None}, "/text"), ({"text": "x" * 501}, "/text"), ({"sharing": "x"}, "/sharing"), ({"x": 1}, "/x")],
)
def test_what_makes_no_step_is_named(cleared: Someone, changes: dict[str, Any], pointer: str) -> None:
    answer = cleared.portal().post("/action-steps", step(cleared, **changes), expect=422).get_json()
    assert [error["pointer"] for error in answer["errors"]] == [pointer]


def test_an_outcome_nobody_defined_is_named(cleared: Someone) -> None:
    cleared.portal().post(f"{add(cleared)}/outcome", {"outcome": "maybe"}, expect=422)
    cleared.portal().post(f"{add(cleared)}/outcome", {}, expect=422)


def test_a_private_step_is_the_patients_alone(cleared: Someone) -> None:
    path = add(cleared, sharing="private")
    staff = cleared.staff()
    staff.get(path, expect=404)
    staff.post(f"{path}/outcome", {"outcome": "done"}, expect=404)
    assert staff.get("/action-steps").get_json()["items"] == []
    assert len(cleared.portal().get("/action-steps").get_json()["items"]) == 1


def test_a_therapist_can_agree_on_a_step_but_not_on_a_secret(cleared: Someone) -> None:
    made = cleared.staff().post("/action-steps", step(cleared), expect=201).get_json()
    assert cleared.portal().get(f"/action-steps/{made['action_step_id']}").get_json()["text"] == STEP
    answer = cleared.staff().post("/action-steps", step(cleared, sharing="private"), expect=422).get_json()
    assert [error["pointer"] for error in answer["errors"]] == ["/sharing"]


def test_a_prescriber_reads_what_the_care_team_may(cleared: Someone) -> None:
    cleared.staff("prescriber").get(add(cleared, sharing="care-team"), expect=200)
    cleared.staff("prescriber").get(add(cleared, sharing="therapist"), expect=404)


def test_another_site_and_another_patient_find_nothing(cleared: Someone, newcomer: Callable[[], Someone]) -> None:
    path = add(cleared, sharing="care-team")
    other = newcomer()
    other.leaves()
    for stranger in (cleared.staff("therapist", "harbor"), other.portal()):
        stranger.get(path, expect=404)
        stranger.post(f"{path}/outcome", {"outcome": "done"}, expect=404)
        stranger.post("/action-steps", step(cleared), expect=404)
        assert stranger.get("/action-steps").get_json()["items"] == []
    cleared.portal().get(f"/action-steps/{uuid4()}", expect=404)


def test_a_step_lies_sealed_and_is_entered_without_its_words(cleared: Someone) -> None:
    path = add(cleared)
    cleared.staff().get(path)
    cleared.staff().get("/action-steps")
    cleared.portal().post(f"{path}/outcome", {"outcome": "done"})
    actions = [entry["action"] for entry in cleared.audit()]
    assert actions[:4] == ["action-step-outcome-told", "action-steps-read", "action-step-read", "action-step-added"]
    assert STEP not in str(cleared.audit())
    for file in cleared.house.folder.rglob("*"):
        if file.is_file():
            assert STEP.encode() not in file.read_bytes(), file
