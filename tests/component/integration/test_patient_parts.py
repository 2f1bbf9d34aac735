"""Integration's parts of the patient's page: the window as a drawing and in words, and journals for their readers."""

from uuid import uuid4

import pytest
from sqlalchemy import update

from services.integration.pages.window_drawing import draw_window
from services.integration.store import windows
from services.integration.store.tables import KapAppointmentRow
from tests.component.integration.conftest import Someone
from tests.support.desk import Desk

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def at(someone: Someone, part: str = "window") -> str:
    return f"/integration/patients/{someone.patient_id}/{part}"


def reader(someone: Someone, role: str = "therapist", *sites: str) -> Desk:
    return Desk(someone.house, "integration", role=role, sites=sites or ("riverside",))


def test_the_window_says_when_it_opens_and_what_is_in_it(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(3))
    someone.writes()
    seen = reader(someone).opens(at(someone))
    assert "Opens in 21 h · 1 early journal · no psychotherapy booked" in seen.words
    assert "Window from Tue 3 Mar, 10:00 to Thu 5 Mar, 10:00." in seen.html
    assert "windows-read" in {entry["action"] for entry in someone.audit()}


@pytest.mark.parametrize(
    ("hours", "said"), [(2.5, "Opens in"), (24, "Closes in 48 h"), (72, "Closes in 0 min"), (73, "Closed 10:00")]
)
def test_the_head_says_where_the_window_stands(someone: Someone, hours: float, said: str) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(hours))
    assert said.replace("48 h", "2 days") in reader(someone).opens(at(someone)).words


def test_every_prompt_is_a_tick_and_a_line_of_the_list(someone: Someone) -> None:
    """10:00 is no quiet hour: the four stand where they were planned; two are sent by +25 h."""
    someone.leaves()
    someone.house.step_to(someone.at(25))
    seen = reader(someone).opens(at(someone))
    # once in each of the two drawings, wide and narrow
    assert seen.html.count('class="prompt sent"') == 4
    assert seen.html.count('class="prompt planned"') == 4
    for kind in ("Now", "Themes", "Step", "Did it happen"):
        assert kind in seen.words


WORDS = "I was a river and the river was kind"


@pytest.mark.parametrize(
    ("role", "sharing", "reads"),
    [
        ("therapist", "private", False),
        ("therapist", "therapist", True),
        ("prescriber", "therapist", False),
        ("prescriber", "care-team", True),
        ("nurse", "care-team", False),
    ],
)
def test_words_stand_only_where_the_patient_shared_them(someone: Someone, role: str, sharing: str, reads: bool) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(30))
    someone.writes(sharing=sharing)
    desk = reader(someone, role)
    seen = desk.opens(at(someone)).words
    assert (WORDS in seen) is reads
    assert ("1 journal kept private or shared with others only." in seen) is not reads
    told = desk.opens(at(someone, "timeline")).words
    assert WORDS not in told
    assert "in the window." in told
    assert ("journals-read" in {entry["action"] for entry in someone.audit()}) is reads


def test_a_private_entry_doesnt_say_what_it_was(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(30))
    someone.writes(sharing="private", practice="meditation", text=None)
    told = reader(someone).opens(at(someone, "timeline")).words
    assert "An entry: in the window. Kept private." in told
    assert "Meditation" not in told


def test_psychotherapy_stands_for_those_who_may_see_it(someone: Someone) -> None:
    someone.leaves()
    body = {"patient_id": str(someone.patient_id), "session_id": str(someone.session_id), "phase": "integration"}
    someone.staff().post("/kap-appointments", body | {"starts_at": someone.at(48).isoformat()}, expect=201)
    assert "psychotherapy booked" in reader(someone).opens(at(someone)).words
    assert "KAP 10:00" in reader(someone).opens(at(someone)).words
    nurse = reader(someone, "nurse").opens(at(someone)).words
    assert "sychotherapy" not in nurse
    assert "KAP" not in nurse


def books(someone: Someone, hours: float) -> str:
    body = {"patient_id": str(someone.patient_id), "session_id": str(someone.session_id), "phase": "integration"}
    body |= {"starts_at": someone.at(hours).isoformat()}
    return str(someone.staff().post("/kap-appointments", body, expect=201).get_json()["appointment_id"])


def test_the_head_says_what_became_of_psychotherapy(someone: Someone) -> None:
    def says(words: str) -> bool:
        return f"no journals · {words}</span>" in reader(someone).opens(at(someone)).html

    def ends(appointment: str, attendance: str) -> None:
        someone.staff().post(f"/kap-appointments/{appointment}/attendance", {"attendance": attendance}, expect=200)

    someone.leaves()
    someone.staff().post(f"/kap-appointments/{books(someone, 30)}/cancel", {}, expect=200)
    assert says("no psychotherapy booked")
    missed = books(someone, 31)
    someone.house.step_to(someone.at(32))
    assert says("psychotherapy booked"), "nobody has said yet whether they came"
    ends(missed, "missed")
    assert says("psychotherapy missed")
    attended = books(someone, 33)
    assert says("psychotherapy booked")
    someone.house.step_to(someone.at(34))
    ends(attended, "attended")
    books(someone, 40)
    assert says("psychotherapy attended"), "one that was held says more than one to come"


def test_psychotherapy_names_the_therapist_and_an_old_one_their_subject(someone: Someone) -> None:
    someone.leaves()
    therapist = Desk(someone.house, "integration", role="therapist", subject="emp-48213")
    starts = {"starts_at": "2026-03-03T16:00", "duration_minutes": "50"}
    therapist.sends(f"/integration/windows/{someone.session_id}/appointments", starts)
    sheet = f"/integration/windows?open={someone.session_id}"
    doctor = reader(someone, "prescriber")
    assert "Test therapist, booked" in doctor.opens(sheet).words
    assert "With Test therapist." in doctor.opens(at(someone, "timeline")).words
    with someone.house.service("integration").unit_of_work() as uow:
        uow.session.execute(update(KapAppointmentRow).values(therapist_name=None))
    assert "emp-48213, booked" in doctor.opens(sheet).words
    assert "With emp-48213." in doctor.opens(at(someone, "timeline")).words


def test_a_namesake_isnt_offered_the_therapists_note(someone: Someone) -> None:
    """Whose note it is goes by subject: two of the staff may bear one name."""
    someone.leaves()
    therapist = Desk(someone.house, "integration", role="therapist", subject="therapist-a")
    starts = {"starts_at": "2026-03-03T16:00", "duration_minutes": "50"}
    therapist.sends(f"/integration/windows/{someone.session_id}/appointments", starts)
    someone.house.step_to(someone.at(31))
    namesake = Desk(someone.house, "integration", role="therapist", subject="therapist-b")
    assert "Write the note" in therapist.opens(at(someone)).words
    assert "Write the note" not in namesake.opens(at(someone)).words


@pytest.mark.parametrize("part", ["window", "timeline"])
def test_a_stranger_and_an_unknown_patient_get_the_same_words(someone: Someone, part: str) -> None:
    someone.leaves()
    harbor = reader(someone, "therapist", "harbor")
    foreign = harbor.opens(at(someone, part), expect=404, headers=PARTIAL)
    missing = harbor.opens(f"/integration/patients/{uuid4()}/{part}", expect=404, headers=PARTIAL)
    assert foreign.html == missing.html


@pytest.mark.parametrize("role", ["front_desk", "operations", "privacy_officer"])
def test_nobody_else_opens_a_window(someone: Someone, role: str) -> None:
    someone.leaves()
    reader(someone, role).opens(at(someone), expect=403)


def test_the_drawing_keeps_everything_within_its_width(someone: Someone) -> None:
    """From 5 hours before the session's end to 10 after the window: 87 hours, the window's 48 of them."""
    someone.leaves()
    running = someone.house.service("integration")
    with running.unit_of_work() as uow:
        row = windows.find(uow.session, someone.session_id)
        assert row is not None
        prompts = windows.around(uow.session, [row.session_id])[row.session_id].prompts
        drawn = draw_window(
            row, prompts, journals=[someone.at(30)], talks=[], rules=running.deps.rules.prompts, now=someone.at(200)
        )
    assert drawn.now is None
    assert drawn.window.at == pytest.approx((5 + 24) / 87 * 100, abs=0.01)
    assert drawn.window.width == pytest.approx(48 / 87 * 100, abs=0.02)
    assert drawn.journals == (pytest.approx(35 / 87 * 100, abs=0.01),)
    # the rest of Monday's night before 08:00, and three whole nights
    assert [one.at for one in drawn.quiet[:1]] == [0]
    assert len(drawn.quiet) == 4
