"""Integration's parts of the patient's page: the window as a drawing and in words, and journals for their readers."""

from uuid import uuid4

import pytest

from services.integration.pages.window_drawing import draw_window
from services.integration.store import windows
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
