"""What stands around a session can be read by those around it, and by nobody else."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.contracts.fields import instant_text
from tests.component.integration.conftest import Someone

SECOND = timedelta(seconds=1)


def test_a_cleared_patient_has_a_window_with_four_prompts(someone: Someone) -> None:
    event = someone.leaves()
    window = someone.window()
    assert window["opens_at"] == instant_text(someone.at(24))
    assert window["closes_at"] == instant_text(someone.at(72))
    assert window["state"] == "upcoming"
    assert window["restriction_earliest_end_at"] == instant_text(event.restriction_earliest_end_at)
    assert [(p["kind"], p["due_at"], p["sent_at"]) for p in window["prompts"]] == [
        ("now", instant_text(someone.at(2, minutes=10)), None),
        ("themes", instant_text(someone.at(24)), None),
        ("step", instant_text(someone.at(48)), None),
        ("did-it-happen", instant_text(someone.at(70)), None),
    ]
    assert window["journals"] == {"early": 0, "in_window": 0, "late": 0}


@pytest.mark.parametrize(
    ("after", "state"),
    [
        pytest.param(timedelta(hours=24) - SECOND, "upcoming", id="a second before it opens"),
        pytest.param(timedelta(hours=24), "open", id="as it opens"),
        pytest.param(timedelta(hours=72), "open", id="as it closes"),
        pytest.param(timedelta(hours=72) + SECOND, "closed", id="a second after it closed"),
    ],
)
def test_a_window_is_listed_under_its_state_as_of_now(someone: Someone, after: timedelta, state: str) -> None:
    someone.leaves()
    someone.house.clock.at = someone.ended_at + after
    assert someone.window()["state"] == state
    for asked in ("upcoming", "open", "closed"):
        listed = someone.staff().get(f"/windows?state={asked}&site_id=riverside").get_json()["items"]
        assert [item["session_id"] for item in listed] == ([str(someone.session_id)] if asked == state else [])


def test_a_list_goes_on_where_its_page_ended(someone: Someone, newcomer: Callable[[], Someone]) -> None:
    everyone = [someone, newcomer(), newcomer()]
    for each in everyone:
        each.leaves()
    first = someone.staff().get("/windows?limit=2").get_json()
    second = someone.staff().get(f"/windows?limit=2&cursor={first['next']}").get_json()
    seen = [item["session_id"] for item in first["items"] + second["items"]]
    assert sorted(seen) == sorted(str(each.session_id) for each in everyone)
    assert second["next"] is None
    assert all(len(item["prompts"]) == 4 for item in first["items"] + second["items"])


def test_a_patients_windows_can_be_asked_for(someone: Someone, newcomer: Callable[[], Someone]) -> None:
    someone.leaves()
    newcomer().leaves()
    listed = someone.staff().get(f"/windows?patient_id={someone.patient_id}").get_json()["items"]
    assert [item["session_id"] for item in listed] == [str(someone.session_id)]


@pytest.mark.parametrize(
    "query", ["state=ajar", "limit=0", "limit=x", "cursor=%00", "patient_id=me", "updated_since=now"]
)
def test_a_question_that_makes_no_sense_is_named(someone: Someone, query: str) -> None:
    someone.staff().get(f"/windows?{query}", expect=422)


def test_another_site_sees_no_window_and_cannot_tell(someone: Someone) -> None:
    someone.leaves()
    foreign = someone.staff("therapist", "harbor")
    hidden = foreign.get(f"/windows/{someone.session_id}", expect=404).get_json()
    missing = foreign.get(f"/windows/{uuid4()}", expect=404).get_json()
    assert hidden == missing
    assert foreign.get("/windows").get_json()["items"] == []
    foreign.get("/windows?site_id=riverside", expect=404)
    foreign.get(f"/windows?patient_id={someone.patient_id}", expect=404)


def test_a_patient_sees_their_own_window_and_no_other(someone: Someone, newcomer: Callable[[], Someone]) -> None:
    someone.leaves()
    other = newcomer()
    other.leaves()
    someone.portal().get(f"/windows/{someone.session_id}", expect=200)
    someone.portal().get(f"/windows/{other.session_id}", expect=404)
    someone.portal().get("/windows", expect=403)


def test_a_portal_is_told_when_nothing_has_changed(someone: Someone) -> None:
    someone.leaves()
    path = f"/windows/{someone.session_id}"
    tag = someone.portal().get(path).headers["ETag"]
    unchanged = someone.portal().get(path, headers={"If-None-Match": tag}, expect=304)
    assert unchanged.get_data() == b""
    someone.writes()
    assert someone.portal().get(path, headers={"If-None-Match": tag}, expect=200).headers["ETag"] != tag


def test_a_portal_is_told_of_an_opening_that_only_time_brought(someone: Someone) -> None:
    someone.leaves()
    path = f"/windows/{someone.session_id}"
    tag = someone.portal().get(path).headers["ETag"]
    someone.house.clock.at = someone.at(24)
    someone.portal().get(path, headers={"If-None-Match": tag}, expect=200)


@pytest.mark.parametrize("role", ["nurse", "therapist", "prescriber", "medical_director"])
def test_clinical_staff_read_windows(someone: Someone, role: str) -> None:
    someone.leaves()
    someone.staff(role).get(f"/windows/{someone.session_id}", expect=200)


@pytest.mark.parametrize("role", ["front_desk", "operations", "privacy_officer", "service"])
def test_other_roles_do_not(someone: Someone, role: str) -> None:
    someone.leaves()
    someone.staff(role).get(f"/windows/{someone.session_id}", expect=403)


def test_operations_see_the_board(someone: Someone) -> None:
    someone.leaves()
    assert len(someone.staff("operations").get("/windows").get_json()["items"]) == 1


def test_every_look_at_a_window_is_entered_and_a_board_once_a_day(someone: Someone) -> None:
    someone.leaves()
    for _ in range(2):
        someone.staff().get(f"/windows/{someone.session_id}")
        someone.staff().get("/windows")
    entries = someone.audit()
    assert [e["action"] for e in entries if e["access"] == "read"] == ["window-read", "window-read"]
    assert [e["action"] for e in entries if e["access"] == "write"] == ["window-opened"]
    assert someone.boards_opened("windows-opened") == 1
    someone.house.clock.advance(timedelta(days=1))
    someone.staff().get("/windows")
    assert someone.boards_opened("windows-opened") == 2
