"""The highest revision of a leaving is the truth, in whatever order and however often it is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.integration.handlers import handlers
from services.integration.store import windows
from services.integration.store.tables import NotificationRow
from shared.contracts.discharge_cleared import DischargeCleared, Disposition
from shared.contracts.fields import instant_text
from shared.contracts.session_completed import SessionStatus
from shared.kernel.errors import Conflict
from tests.component.integration.conftest import Someone


def handle(someone: Someone, event: DischargeCleared) -> None:
    running = someone.house.service("integration")
    with running.unit_of_work() as uow:
        handlers(running.deps)["discharge-cleared"](uow, event, someone.house.clock.at)


def test_the_same_fact_twice_opens_one_window(someone: Someone) -> None:
    event = someone.leaves()
    before = someone.window()
    handle(someone, event)
    someone.leaves()
    assert someone.window() == before
    assert [e["action"] for e in someone.audit() if e["access"] == "write"] == ["window-opened"]


def test_a_correction_moves_the_window_and_its_prompts(someone: Someone) -> None:
    someone.leaves()
    someone.leaves(revision=2, administration_ended_at=someone.at(1), restriction_time_zone="America/Los_Angeles")
    window = someone.window()
    assert window["opens_at"] == instant_text(someone.at(25))
    assert window["closes_at"] == instant_text(someone.at(73))
    assert window["time_zone"] == "America/Los_Angeles"
    # 11:00 in New York is 08:00 in Los Angeles, allowed; 09:00 (70 h) is 06:00 there: 08:00 is the nearest
    assert someone.prompts()["did-it-happen"]["due_at"] == instant_text(someone.at(73))
    assert someone.prompts()["themes"]["due_at"] == instant_text(someone.at(25))


@pytest.mark.parametrize("late", [1, 2], ids=["a lower revision", "the same revision"])
def test_an_old_fact_that_comes_late_changes_nothing(someone: Someone, late: int) -> None:
    someone.leaves(revision=2, administration_ended_at=someone.at(1))
    before = someone.window()
    someone.leaves(revision=late, administration_ended_at=someone.at(0))
    assert someone.window() == before


def test_a_correction_may_arrive_alone(someone: Someone) -> None:
    someone.leaves(revision=7)
    assert someone.window()["state"] == "upcoming"


def test_a_patient_who_left_against_advice_has_a_window_too(someone: Someone) -> None:
    someone.leaves(disposition=Disposition.LEFT_AGAINST_ADVICE, left_at=someone.at(0, minutes=30))
    assert someone.prompts()["now"]["due_at"] == instant_text(someone.at(2))


def test_a_sent_prompt_is_not_sent_again_after_a_correction(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(24))
    before = someone.prompts()
    someone.leaves(revision=2, administration_ended_at=someone.at(1), left_at=someone.at(3))
    someone.house.step_to(someone.at(100))
    after = someone.prompts()
    assert [after[kind] for kind in ("now", "themes")] == [before[kind] for kind in ("now", "themes")]
    assert after["step"]["sent_at"] == instant_text(someone.at(49))
    assert len(notifications(someone)) == 4


def test_a_missed_prompt_gets_another_chance_when_the_window_moves_later(someone: Someone) -> None:
    someone.house.clock.at = someone.at(73)
    someone.leaves()
    assert {p["state"] for p in someone.prompts().values()} == {"missed"}
    someone.leaves(revision=2, administration_ended_at=someone.at(50), left_at=someone.at(52))
    someone.house.step_to(someone.at(150))
    assert {p["state"] for p in someone.prompts().values()} == {"sent"}
    assert len(notifications(someone)) == 4


def test_a_correction_labels_journals_anew_but_not_what_was_published(someone: Someone) -> None:
    someone.leaves()
    someone.house.clock.at = someone.at(24, minutes=30)
    journal = someone.writes()
    assert journal["window_position"] == "in-window"
    someone.leaves(revision=2, administration_ended_at=someone.at(1))
    assert someone.portal().get(f"/journals/{journal['journal_id']}").get_json()["window_position"] == "early"
    assert someone.window()["journals"] == {"early": 1, "in_window": 0, "late": 0}
    assert [event.window_position.value for event in someone.published()] == ["in-window"]


def test_no_correction_hands_journals_to_another_patient(someone: Someone, newcomer: Callable[[], Someone]) -> None:
    someone.leaves()
    other = newcomer()
    with pytest.raises(Conflict):
        handle(someone, someone.cleared(revision=2, patient_id=other.patient_id))
    other.portal().get(f"/windows/{someone.session_id}", expect=404)
    assert someone.window()["patient_id"] == str(someone.patient_id)


def test_a_zone_nobody_knows_falls_back_to_the_sites(someone: Someone) -> None:
    someone.leaves(restriction_time_zone="Mars/Olympus_Mons")
    assert someone.window()["time_zone"] == "America/New_York"


def test_only_a_moved_window_is_looked_at_again_for_kap(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(72))
    assert len(tasks(someone)) == 1
    someone.leaves(revision=2, left_at=someone.at(3))
    someone.house.advance(timedelta(minutes=1))
    someone.leaves(revision=3, administration_ended_at=someone.at(1))
    someone.house.advance(timedelta(hours=2))
    assert len(tasks(someone)) == 1, "one task a session, however often it is looked at"
    with someone.house.service("integration").unit_of_work() as uow:
        assert windows.next_kap_check_at(uow.session) is None, "and the second look came to its end"


def in_error(someone: Someone, revision: int = 2, **changes: Any) -> DischargeCleared:
    return someone.cleared(revision=revision, status=SessionStatus.ENTERED_IN_ERROR, **changes)


def test_a_session_entered_in_error_closes_its_window_and_stops_its_prompts(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(24))
    sent = someone.prompts()
    someone.leaves(revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    window = someone.window()
    assert (window["state"], window["withdrawn_at"]) == ("closed", instant_text(someone.at(24)))
    someone.house.step_to(someone.at(100))
    after = someone.prompts()
    assert [after[kind] for kind in ("now", "themes")] == [sent[kind] for kind in ("now", "themes")]
    assert [after[kind]["state"] for kind in ("step", "did-it-happen")] == ["withdrawn", "withdrawn"]
    assert [after[kind]["sent_at"] for kind in ("step", "did-it-happen")] == [None, None]
    assert len(notifications(someone)) == 2
    assert tasks(someone) == [], "nobody is asked for an appointment after a session that never was"
    assert someone.window() == window, "and nothing changes any more"


def test_a_withdrawn_window_keeps_what_was_written_and_takes_what_is_written_still(someone: Someone) -> None:
    someone.leaves()
    someone.house.clock.at = someone.at(25)
    before = someone.writes(contact_requested=True)
    someone.leaves(revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    assert someone.portal().get(f"/journals/{before['journal_id']}").get_json()["text"] == before["text"]
    after = someone.writes()
    assert someone.window()["journals"] == {"early": 0, "in_window": 2, "late": 0}
    assert [str(event.journal_id) for event in someone.published()] == [before["journal_id"], after["journal_id"]]
    assert [task["kind"] for task in tasks(someone)] == ["contact-requested"], "somebody asked to be called"


@pytest.mark.parametrize("state", ["upcoming", "open", "closed"])
@pytest.mark.parametrize("hours", [3, 48, 80], ids=["before it opens", "while it is open", "after it closed"])
def test_a_withdrawn_window_is_listed_as_closed_only(someone: Someone, hours: int, state: str) -> None:
    someone.leaves()
    someone.house.clock.at = someone.at(hours)
    someone.leaves(revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    listed = someone.staff().get(f"/windows?state={state}").get_json()["items"]
    assert [item["state"] for item in listed] == (["closed"] if state == "closed" else [])


def test_an_error_told_again_is_the_same_error(someone: Someone) -> None:
    someone.leaves()
    handle(someone, in_error(someone))
    withdrawn = someone.window()
    someone.house.clock.advance(timedelta(hours=1))
    for late in (in_error(someone), someone.cleared(revision=2), someone.cleared(revision=1)):
        handle(someone, late)
    assert someone.window() == withdrawn
    handle(someone, in_error(someone, revision=3))
    assert someone.window() == withdrawn
    actions = [e["action"] for e in someone.audit() if e["access"] == "write"]
    assert actions == ["window-withdrawn", "window-withdrawn", "window-opened"]


def test_an_error_may_be_the_first_that_is_heard(someone: Someone) -> None:
    handle(someone, in_error(someone, course_id=uuid4()))
    handle(someone, someone.cleared(revision=1))
    assert someone.window()["state"] == "closed"
    someone.house.step_to(someone.at(100))
    assert {prompt["state"] for prompt in someone.prompts().values()} == {"withdrawn"}
    assert (notifications(someone), tasks(someone)) == ([], [])


def test_an_error_taken_back_opens_the_window_again_and_sends_what_was_not_sent(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(24))
    someone.leaves(revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    someone.house.step_to(someone.at(30))
    someone.leaves(revision=3)
    window = someone.window()
    assert (window["state"], window["withdrawn_at"]) == ("open", None)
    someone.house.step_to(someone.at(100))
    assert {prompt["state"] for prompt in someone.prompts().values()} == {"sent"}
    assert len(notifications(someone)) == 4
    assert [task["kind"] for task in tasks(someone)] == ["no-kap-in-window"]


def test_no_error_of_another_patient_withdraws_a_window(someone: Someone, newcomer: Callable[[], Someone]) -> None:
    someone.leaves()
    with pytest.raises(Conflict):
        handle(someone, in_error(someone, patient_id=newcomer().patient_id))
    assert someone.window()["state"] == "upcoming"


def notifications(someone: Someone) -> list[NotificationRow]:
    with someone.house.service("integration").unit_of_work() as uow:
        return list(uow.session.scalars(select(NotificationRow)))


def tasks(someone: Someone) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = someone.staff().get("/tasks").get_json()["items"]
    return items
