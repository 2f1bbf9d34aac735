"""To do, after recovery: what waits for a nurse or a doctor, ended by a person with how it ended."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from services.discharge.store.tables import TaskRow
from tests.component.discharge.conftest import Stay
from tests.support.desk import Desk, Page

TODO = "/discharge/tasks"


@pytest.fixture
def nurse(stay: Stay) -> Desk:
    return Desk(stay.house, "discharge", role="nurse", subject="nurse-a")


def group(seen: Page, name: str) -> str:
    """The HTML of one group's rows."""
    return seen.html.split(f'id="discharge-group-{name}"')[1].split("</tbody>")[0]


def task_of(stay: Stay, kind: str) -> str:
    items = stay.staff().get("/tasks?state=open").get_json()["items"]
    return str(next(item["task_id"] for item in items if item["kind"] == kind))


def in_emergency(stay: Stay) -> str:
    stay.observe(symptoms=[{"code": "chest-pain", "grade": 2}])
    return task_of(stay, "emergency")


def without_word_on_sleep(stay: Stay) -> str:
    stay.move_to(120)
    stay.is_released()
    stay.house.advance(timedelta(hours=30))
    return task_of(stay, "sleep-unconfirmed")


def test_nothing_to_do_says_what_will_appear(stay: Stay, nurse: Desk) -> None:
    assert "Emergencies, symptoms that last and missing words on sleep appear here." in nurse.opens(TODO).words


def test_an_emergency_is_for_now_and_leads_to_the_chart(stay: Stay, nurse: Desk) -> None:
    in_emergency(stay)
    now = group(nurse.opens(TODO), "now")
    assert "Go to the patient." in now
    assert f"/discharge/recovery?open={stay.session_id}" in now
    assert "Chair 1, session" in now


def test_an_emergency_that_a_prescriber_has_seen_says_so(stay: Stay, nurse: Desk) -> None:
    in_emergency(stay)
    stay.staff("prescriber").post(f"{stay.path}/acknowledgements", {}, expect=200)
    assert "A prescriber has seen it since." in nurse.opens(TODO).words


def test_a_missing_word_on_sleep_is_for_today_until_it_comes(stay: Stay, nurse: Desk) -> None:
    without_word_on_sleep(stay)
    assert "Call the patient and record their word." in group(nurse.opens(TODO), "today")
    stay.sleeps()
    assert "Their word has come: the driving restriction ended" in group(nurse.opens(TODO), "today")


def test_a_task_ends_with_how_in_ones_own_name(stay: Stay, nurse: Desk) -> None:
    task = in_emergency(stay)
    assert f"{TODO}/{task}/done" in nurse.opens(f"{TODO}?open={task}").forms()
    after = nurse.opens(nurse.sends(f"{TODO}/{task}/done", {"outcome": "saw-patient"}).leads_to)
    assert "That is done, in your name." in after.words
    assert "Saw the patient here. Test nurse," in group(after, "done")
    [kept] = stay.staff().get("/tasks?state=done").get_json()["items"]
    assert (kept["outcome"], kept["done_by"]) == ("saw-patient", "nurse-a")


def test_one_that_ended_before_names_were_kept_says_the_subject(stay: Stay, nurse: Desk) -> None:
    task = in_emergency(stay)
    nurse.sends(f"{TODO}/{task}/done", {"outcome": "saw-patient"})
    with stay.house.service("discharge").unit_of_work() as uow:
        uow.session.execute(update(TaskRow).values(done_by_name=None))
    assert "Saw the patient here. nurse-a," in group(nurse.opens(TODO), "done")


def test_without_an_outcome_it_stays_and_says_what_is_missing(stay: Stay, nurse: Desk) -> None:
    task = in_emergency(stay)
    refused = nurse.sends(f"{TODO}/{task}/done", expect=422)
    assert "How it ended : This is needed." in refused.words
    assert 'href="#outcome"' in refused.html
    assert task_of(stay, "emergency") == task


def test_a_slip_is_taken_back_and_the_task_waits_again(stay: Stay, nurse: Desk) -> None:
    task = in_emergency(stay)
    done = nurse.opens(nurse.sends(f"{TODO}/{task}/done", {"outcome": "passed-on"}).leads_to)
    assert done.forms().count(f"{TODO}/{task}/open-again") == 2, "beside the word that it is done, and in its row"
    nurse.sends(f"{TODO}/{task}/open-again")
    assert f"row-{task}" in group(nurse.opens(TODO), "now")
    assert "This task is open already." in nurse.sends(f"{TODO}/{task}/open-again", expect=409).words


def test_what_was_noted_before_a_slip_is_kept(stay: Stay) -> None:
    task = in_emergency(stay)
    nurse = Desk(stay.house, "discharge", role="nurse")
    stay.staff().post(f"/tasks/{task}/done", {"note": "first"}, expect=200)
    nurse.sends(f"{TODO}/{task}/open-again")
    stay.staff().post(f"/tasks/{task}/done", {"note": "second"}, expect=200)
    with stay.house.service("discharge").unit_of_work() as uow:
        assert [row.note for row in uow.session.query(TaskRow)] == ["first\nsecond"]


def test_two_who_end_it_at_once_learn_of_each_other(stay: Stay, nurse: Desk) -> None:
    task = in_emergency(stay)
    nurse.sends(f"{TODO}/{task}/done", {"outcome": "saw-patient"})
    second = nurse.sends(f"{TODO}/{task}/done", {"outcome": "passed-on"}, expect=409)
    assert "Somebody has already seen to this task." in second.words


def test_counts_filter_the_list(stay: Stay, nurse: Desk) -> None:
    task = in_emergency(stay)
    assert f"row-{task}" in nurse.opens(f"{TODO}?show=now").html
    assert f"row-{task}" not in nurse.opens(f"{TODO}?show=today").html
    assert "Nothing here." in nurse.opens(f"{TODO}?show=today").words


def test_what_is_done_leaves_the_list_after_a_day(stay: Stay, nurse: Desk) -> None:
    task = in_emergency(stay)
    nurse.sends(f"{TODO}/{task}/done", {"outcome": "saw-patient"})
    stay.house.clock.advance(timedelta(hours=24))
    assert f"row-{task}" in nurse.opens(TODO).html
    stay.house.clock.advance(timedelta(seconds=1))
    assert f"row-{task}" not in nurse.opens(TODO).html


def test_a_nurse_also_finds_what_integration_asks(stay: Stay, nurse: Desk) -> None:
    assert 'hx-get="/integration/tasks"' in nurse.opens(TODO).html
    alone = nurse.opens(TODO, headers={"HX-Request-Type": "partial"}).html
    assert alone.startswith("<h2>Recovery and the night after</h2>")
    assert "/discharge/tasks/live" in alone


def test_counts_stand_under_the_heading_of_the_one_list_that_they_count(stay: Stay, nurse: Desk) -> None:
    in_emergency(stay)
    above, own, below = re.split(r'<section class="card"[^>]*>', nurse.opens(TODO).html)
    assert 'aria-labelledby="own"' in nurse.opens(TODO).html
    assert '<h2 id="own">Recovery and the night after</h2>' in own
    assert 'id="discharge-counts"' in own
    assert 'id="discharge-group-now"' in own
    assert "Show only" not in above + below
    assert "Integration windows" in below


def test_names_are_left_to_intake(stay: Stay, nurse: Desk) -> None:
    in_emergency(stay)
    assert f'data-label-of="{stay.patient_id}"' in nurse.opens(TODO).html


@pytest.mark.parametrize("role", ["front_desk", "therapist", "operations", "privacy_officer"])
def test_only_nurses_and_doctors_open_it(stay: Stay, role: str) -> None:
    Desk(stay.house, "discharge", role=role).opens(TODO, expect=403)


def test_another_sites_are_neither_seen_nor_ended(stay: Stay) -> None:
    task = in_emergency(stay)
    harbor = Desk(stay.house, "discharge", role="nurse", sites=("harbor",))
    assert f"row-{task}" not in harbor.opens(f"{TODO}?open={task}").html
    harbor.sends(f"{TODO}/{task}/done", {"outcome": "saw-patient"}, expect=404)
