"""The windows board: who wants contact, whose window closes with nothing in it, and what people do about it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.component.integration.conftest import Someone
from tests.support.desk import Desk, Page

BOARD = "/integration/windows"


@pytest.fixture
def therapist(someone: Someone) -> Desk:
    return Desk(someone.house, "integration", role="therapist")


def group(seen: Page, name: str) -> str:
    """The HTML of one group's rows."""
    return seen.html.split(f'id="group-{name}"')[1].split("</tbody>")[0]


@pytest.mark.parametrize(
    ("hours", "where"),
    [(3, "upcoming"), (20, "opening"), (25, "opening"), (39, "open"), (63, "tonight"), (73, "closed")],
    ids=["not yet", "opens at 10:00 today", "opened today", "after midnight", "closes today", "closed"],
)
def test_a_window_stands_where_its_day_puts_it(someone: Someone, therapist: Desk, hours: float, where: str) -> None:
    """Administration ended at 10:00: the window opens at 10:00 the next day and closes two days later."""
    someone.leaves()
    someone.house.step_to(someone.at(hours))
    assert f"row-{someone.session_id}" in group(therapist.opens(BOARD), where)


def test_a_window_that_has_an_entry_doesnt_close_with_nothing(someone: Someone, therapist: Desk) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(63))
    someone.writes()
    assert f"row-{someone.session_id}" in group(therapist.opens(BOARD), "open")


def test_whoever_asked_for_contact_stands_first_until_somebody_says_it_is_done(
    someone: Someone, therapist: Desk
) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(30))
    someone.writes(contact_requested=True)
    seen = therapist.opens(BOARD)
    assert "Talk to them today, then say so." in group(seen, "contact")
    done = next(form for form in seen.forms() if form.endswith("/done"))
    answer = therapist.sends(done)
    after = therapist.opens(answer.leads_to)
    assert "That is done, in your name." in after.words
    assert f"row-{someone.session_id}" in group(after, "opening")
    assert "Somebody has already done this." in therapist.sends(done, expect=409).words


def test_a_row_counts_prompts_and_journals_and_names_nobody(someone: Someone, therapist: Desk) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(5))
    someone.writes()
    someone.house.step_to(someone.at(30))
    someone.writes()
    words = therapist.opens(BOARD).words
    assert "2 of 4 sent 1 in the window 1 early" in words
    assert f'data-label-of="{someone.patient_id}"' in therapist.opens(BOARD).html


def test_psychotherapy_is_booked_from_the_sheet(someone: Someone, therapist: Desk) -> None:
    someone.leaves()
    opened = therapist.opens(f"{BOARD}?open={someone.session_id}")
    assert "None booked for this session." in opened.words
    at = (someone.at(48) - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    booked = therapist.sends(f"{BOARD}/{someone.session_id}/appointments", {"starts_at": at, "duration_minutes": "50"})
    seen = therapist.opens(booked.leads_to).words
    assert "Psychotherapy is booked." in seen
    assert "Wed 4 Mar, 10:00 , 50 min, in person Test therapist, booked" in seen
    nurse = Desk(someone.house, "integration", role="nurse").opens(f"{BOARD}?open={someone.session_id}").words
    assert "Booked" in nurse
    assert "Wed 4 Mar, 10:00 , 50 min" not in nurse


def test_a_refused_booking_keeps_what_was_typed(someone: Someone, therapist: Desk) -> None:
    someone.leaves()
    form = {"starts_at": "", "duration_minutes": "55"}
    seen = therapist.sends(f"{BOARD}/{someone.session_id}/appointments", form, expect=422)
    assert "Say when it starts." in seen.words
    assert 'value="55"' in seen.html
    assert 'href="#starts_at"' in seen.html


def test_attendance_is_recorded_once_the_appointment_has_begun(someone: Someone, therapist: Desk) -> None:
    someone.leaves()
    body = {"patient_id": str(someone.patient_id), "session_id": str(someone.session_id), "phase": "integration"}
    kept = someone.staff().post("/kap-appointments", body | {"starts_at": someone.at(30).isoformat()}).get_json()
    path = f"{BOARD}/appointments/{kept['appointment_id']}/attendance"
    assert "hasn’t begun" in therapist.sends(path, {"attendance": "attended"}, expect=409).answer.get_data(
        as_text=True
    ).replace("&#39;", "'")
    someone.house.step_to(someone.at(31))
    therapist.sends(path, {"attendance": "attended"})
    assert "Attended" in therapist.opens(BOARD).words


def test_a_small_step_is_set_and_its_outcome_told(someone: Someone, therapist: Desk) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(30))
    steps = f"{BOARD}/{someone.session_id}/steps"
    assert (
        "Must be 1 to 10." in therapist.sends(steps, {"text": "walk to the river", "minutes": "30"}, expect=422).words
    )
    seen = therapist.opens(therapist.sends(steps, {"text": "walk to the river", "minutes": "10"}).leads_to)
    assert "walk to the river 10 min, planned" in seen.words
    outcome = next(form for form in seen.forms() if form.endswith("/outcome"))
    assert (
        "walk to the river 10 min, done"
        in therapist.opens(therapist.sends(outcome, {"outcome": "done"}).leads_to).words
    )


@pytest.mark.parametrize(("role", "reads"), [("therapist", True), ("prescriber", False), ("nurse", False)])
def test_the_sheet_shows_words_to_those_they_were_shared_with(someone: Someone, role: str, reads: bool) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(30))
    someone.writes(sharing="therapist")
    seen = Desk(someone.house, "integration", role=role).opens(f"{BOARD}?open={someone.session_id}").words
    assert ("I was a river" in seen) is reads


def test_operations_sees_windows_and_nobodys_wish_or_appointment(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(30))
    someone.writes(contact_requested=True)
    desk = Desk(someone.house, "integration", role="operations")
    seen = desk.opens(f"{BOARD}?open={someone.session_id}")
    assert "1 in the window" in seen.words
    for kept in (str(someone.patient_id), "Talk to them", "Not booked", "was a river", "sheet-row", "Want contact"):
        assert kept not in seen.html
    assert seen.forms() == [form for form in seen.forms() if not form.startswith("/integration")]


def test_another_sites_windows_are_not_here(someone: Someone) -> None:
    someone.leaves()
    harbor = Desk(someone.house, "integration", role="therapist", sites=("harbor",))
    seen = harbor.opens(f"{BOARD}?open={someone.session_id}")
    assert str(someone.session_id) not in seen.html.replace(f"open={someone.session_id}", "")
    assert "No windows. They appear when patients have left after a session." in seen.words
    harbor.sends(f"{BOARD}/{someone.session_id}/appointments", {"starts_at": "2026-03-04T10:00"}, expect=404)


def test_what_is_pushed_is_what_the_page_shows(someone: Someone) -> None:
    """But for the reader's own secret in its forms."""
    from services.integration.pages.windows import NAME, draw
    from shared.kernel.people import Role
    from shared.web.pages.live import Viewer

    someone.leaves()
    running = someone.house.service("integration")
    with running.app.app_context(), running.unit_of_work() as uow:
        board = draw(uow, Viewer("riverside", frozenset({Role.THERAPIST}), "all"), someone.house.clock.at)
    assert NAME == "windows"
    shown = Desk(someone.house, "integration", role="therapist").opens(BOARD).html
    assert board.parts[f"row-{someone.session_id}"] in shown
    assert board.order["group-upcoming"] == ("head-upcoming", f"row-{someone.session_id}")


@pytest.mark.parametrize("path", ["tasks/{}/done", "appointments/{}/cancel", "steps/{}/outcome", "{}/steps"])
def test_what_isnt_there_is_not_found(someone: Someone, therapist: Desk, path: str) -> None:
    therapist.sends(f"{BOARD}/{path.format(uuid4())}", expect=404)
