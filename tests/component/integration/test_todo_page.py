"""To do, from integration: who wants to talk, whose window closed without psychotherapy, and how that ended."""

import pytest
from sqlalchemy import update

from services.integration.store.tables import TaskRow
from tests.component.integration.conftest import Someone
from tests.support.desk import Desk, Page

TODO = "/integration/tasks"


@pytest.fixture
def desk(someone: Someone) -> Desk:
    return Desk(someone.house, "integration", role="front_desk", subject="desk-a")


def group(seen: Page, name: str) -> str:
    """The HTML of one group's rows."""
    return seen.html.split(f'id="integration-group-{name}"')[1].split("</tbody>")[0]


def task_of(someone: Someone, kind: str) -> str:
    items = someone.staff().get("/tasks?state=open").get_json()["items"]
    return str(next(item["task_id"] for item in items if item["kind"] == kind))


def wants_contact(someone: Someone) -> str:
    someone.leaves()
    someone.house.step_to(someone.at(30))
    someone.writes(contact_requested=True)
    return task_of(someone, "contact-requested")


def without_a_talk(someone: Someone) -> str:
    someone.leaves()
    someone.house.step_to(someone.at(73))
    return task_of(someone, "no-kap-in-window")


def test_nothing_to_do_says_what_will_appear(someone: Someone, desk: Desk) -> None:
    assert "Patients who want to talk, and windows that closed" in desk.opens(TODO).words


def test_who_wants_to_talk_is_for_now(someone: Someone, desk: Desk) -> None:
    wants_contact(someone)
    seen = desk.opens(TODO)
    assert "Call them, or see that a clinician does today." in group(seen, "now")
    assert someone.entry()["text"] not in seen.html


def test_the_desk_isnt_sent_to_a_window_that_it_may_not_open(someone: Someone, desk: Desk) -> None:
    wants_contact(someone)
    window = f"/integration/windows?open={someone.session_id}"
    assert window not in desk.opens(TODO).html
    assert window in Desk(someone.house, "integration", role="nurse").opens(TODO).html


def test_a_window_without_psychotherapy_is_for_this_week_and_ends_with_an_offer(someone: Someone, desk: Desk) -> None:
    task = without_a_talk(someone)
    assert f"row-{task}" in group(desk.opens(TODO), "this-week")
    after = desk.opens(desk.sends(f"{TODO}/{task}/done", {"outcome": "time-offered"}).leads_to)
    assert "Offered a time. Test front_desk," in group(after, "done")
    [kept] = someone.staff().get("/tasks?state=done").get_json()["items"]
    assert (kept["outcome"], kept["done_by"]) == ("time-offered", "desk-a")


def test_one_that_ended_before_names_were_kept_says_the_subject(someone: Someone, desk: Desk) -> None:
    task = without_a_talk(someone)
    desk.sends(f"{TODO}/{task}/done", {"outcome": "time-offered"})
    with someone.house.service("integration").unit_of_work() as uow:
        uow.session.execute(update(TaskRow).values(done_by_name=None))
    assert "Offered a time. desk-a," in group(desk.opens(TODO), "done")


def test_an_outcome_of_another_kind_of_task_is_refused_by_name(someone: Someone, desk: Desk) -> None:
    task = without_a_talk(someone)
    refused = desk.sends(f"{TODO}/{task}/done", {"outcome": "spoke-with-patient"}, expect=422)
    assert "This task ends with one of: time-offered, booked, declined." in refused.words
    assert task_of(someone, "no-kap-in-window") == task
    someone.staff().post(f"/tasks/{task}/done", {"outcome": "spoke-with-patient"}, expect=422)


def test_a_slip_is_taken_back_and_stands_in_the_audit(someone: Someone, desk: Desk) -> None:
    task = wants_contact(someone)
    done = desk.sends(f"{TODO}/{task}/done", {"outcome": "spoke-with-patient"})
    assert f"{TODO}/{task}/open-again" in desk.opens(done.leads_to).forms()
    desk.sends(f"{TODO}/{task}/open-again")
    assert f"row-{task}" in group(desk.opens(TODO), "now")
    assert {"task-done", "task-opened-again"} <= {entry["action"] for entry in someone.audit()}
    assert "This task is open already." in desk.sends(f"{TODO}/{task}/open-again", expect=409).words


def test_ending_it_on_the_windows_board_keeps_how(someone: Someone) -> None:
    task = wants_contact(someone)
    therapist = Desk(someone.house, "integration", role="therapist", subject="therapist-a")
    assert 'name="outcome" value="spoke-with-patient"' in therapist.opens("/integration/windows").html
    therapist.sends(f"/integration/windows/tasks/{task}/done", {"outcome": "spoke-with-patient"})
    [kept] = someone.staff().get("/tasks?state=done").get_json()["items"]
    assert (kept["outcome"], kept["done_by"]) == ("spoke-with-patient", "therapist-a")


def test_a_therapist_isnt_offered_what_recovery_asks(someone: Someone, desk: Desk) -> None:
    assert "/discharge/tasks" not in desk.opens(TODO).html
    assert "/discharge/tasks" not in Desk(someone.house, "integration", role="therapist").opens(TODO).html
    assert "<h2" not in desk.opens(TODO).html.split("<main")[1].split("</main>")[0], "one list needs no second heading"
    doctors = Desk(someone.house, "integration", role="prescriber").opens(TODO)
    assert '<h2 id="own">Integration windows</h2>' in doctors.html
    assert 'hx-get="/discharge/tasks"' in doctors.html


@pytest.mark.parametrize("role", ["operations", "privacy_officer"])
def test_others_dont_open_it(someone: Someone, role: str) -> None:
    Desk(someone.house, "integration", role=role).opens(TODO, expect=403)


def test_another_sites_are_neither_seen_nor_ended(someone: Someone) -> None:
    task = wants_contact(someone)
    harbor = Desk(someone.house, "integration", sites=("harbor",))
    assert f"row-{task}" not in harbor.opens(f"{TODO}?open={task}").html
    harbor.sends(f"{TODO}/{task}/done", {"outcome": "spoke-with-patient"}, expect=404)
