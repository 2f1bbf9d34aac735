"""What was said in psychotherapy is its therapist's own: sealed, apart from the chart, closed to every other reader."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.contracts.fields import instant_text
from tests.component.integration.conftest import Someone
from tests.support.desk import Desk
from tests.support.house import Client

WORDS = "She met her grandmother at the lake"
AUTHOR = "therapist-riverside"


@pytest.fixture
def attended(someone: Someone) -> Someone:
    """Their appointment began 30 hours after the dose, half an hour ago."""
    someone.leaves()
    someone.house.step_to(someone.at(29))
    booked(someone)
    someone.house.step_to(someone.at(30.5))
    return someone


@pytest.fixture
def therapist(attended: Someone) -> Desk:
    return Desk(attended.house, "integration", role="therapist", subject=AUTHOR)


def booked(someone: Someone, hours: float = 30) -> str:
    slot = {"patient_id": str(someone.patient_id), "session_id": str(someone.session_id), "phase": "integration"}
    slot |= {"starts_at": instant_text(someone.at(hours))}
    return str(someone.staff().post("/kap-appointments", slot, expect=201).get_json()["appointment_id"])


def appointment(someone: Someone) -> str:
    (found,) = someone.staff().get(f"/kap-appointments?session_id={someone.session_id}").get_json()["items"]
    return str(found["appointment_id"])


def note_page(someone: Someone) -> str:
    return f"/integration/notes/{appointment(someone)}"


def note(someone: Someone, client: Client | None = None, *, expect: int = 200) -> dict[str, Any]:
    asked = (client or someone.staff()).get(f"/kap-appointments/{appointment(someone)}/note", expect=expect)
    answer: dict[str, Any] = asked.get_json()
    return answer


def writes(someone: Someone, words: str = WORDS, **changes: Any) -> dict[str, Any]:
    body = {"text": words} | changes
    made = someone.staff().post(f"/kap-appointments/{appointment(someone)}/note", body, expect=201)
    answer: dict[str, Any] = made.get_json()
    return answer


def test_a_note_is_read_back_whole_by_its_author(attended: Someone) -> None:
    made = writes(attended)
    assert note(attended) == made
    assert (made["text"], made["edition"], made["earlier"], made["amended_at"]) == (WORDS, 1, [], None)
    assert made["appointment_id"] == appointment(attended)


def test_a_change_keeps_what_stood_there_before(attended: Someone) -> None:
    first = writes(attended)
    attended.house.advance(timedelta(minutes=5))
    changed = writes(attended, "At the lake, with her aunt", follows_edition=1)
    assert (changed["text"], changed["edition"]) == ("At the lake, with her aunt", 2)
    assert changed["earlier"] == [{"text": WORDS, "kept_at": first["written_at"]}]
    assert changed["written_at"] == first["written_at"]


def test_two_windows_of_the_same_author_lose_nothing(attended: Someone, therapist: Desk) -> None:
    path = note_page(attended)
    therapist.sends(path, {"text": WORDS, "follows_edition": "0"})
    refused = therapist.sends(path, {"text": "typed elsewhere", "follows_edition": "0"}, expect=412)
    assert "What stands there now" in refused.words
    assert WORDS in refused.words
    assert "typed elsewhere" in refused.words
    assert refused.value_of("follows_edition") == "1"
    assert note(attended)["text"] == WORDS


@pytest.mark.parametrize(
    ("role", "subject"),
    [
        ("therapist", "therapist-b"),
        ("prescriber", AUTHOR),
        ("medical_director", AUTHOR),
        ("nurse", AUTHOR),
        ("front_desk", AUTHOR),
        ("operations", AUTHOR),
        ("privacy_officer", AUTHOR),
    ],
)
def test_nobody_else_opens_it_whatever_their_role(attended: Someone, role: str, subject: str) -> None:
    writes(attended)
    refused = 404 if role == "therapist" else 403
    path = note_page(attended)
    other = Desk(attended.house, "integration", role=role, subject=subject)
    assert WORDS not in other.opens(path, expect=refused).html
    other.sends(path, {"text": "x", "follows_edition": "1"}, expect=refused)
    client = attended.house.client("integration", role=role, sites=["riverside"], subject=subject)
    note(attended, client, expect=refused)
    assert note(attended)["edition"] == 1


def test_the_patient_doesnt_open_it_either(attended: Someone) -> None:
    writes(attended)
    note(attended, attended.portal(), expect=403)


def test_no_answer_about_the_appointment_hints_at_a_note(attended: Someone) -> None:
    before = attended.staff("prescriber").get(f"/kap-appointments/{appointment(attended)}").get_json()
    writes(attended)
    assert attended.staff("prescriber").get(f"/kap-appointments/{appointment(attended)}").get_json() == before
    colleague = Desk(attended.house, "integration", role="therapist", subject="therapist-b")
    seen = colleague.opens(f"/integration/patients/{attended.patient_id}/window")
    assert "/integration/notes/" not in seen.html


def test_the_words_lie_sealed_and_the_audit_has_none(attended: Someone) -> None:
    writes(attended)
    note(attended)
    writes(attended, "And then the river", follows_edition=1)
    with attended.house.service("integration").unit_of_work() as uow:
        kept = [bytes(row) for row in uow.session.scalars(text("SELECT sealed_text FROM psychotherapy_note_edition"))]
    assert len(kept) == 2
    assert not [one for one in kept if b"lake" in one or b"river" in one]
    entries = [entry for entry in attended.audit() if entry["action"].startswith("psychotherapy-note")]
    assert [entry["action"] for entry in entries] == [
        "psychotherapy-note-amended",
        "psychotherapy-note-read",
        "psychotherapy-note-written",
    ]
    assert "lake" not in str(entries)


def test_nothing_is_noted_before_it_begins_or_after_a_cancellation(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(29))
    path = f"/kap-appointments/{booked(someone)}"
    early = someone.staff().post(f"{path}/note", {"text": WORDS}, expect=409).get_json()
    assert early["type"] == "urn:afterglow:problem:wrong-state"
    therapist = Desk(someone.house, "integration", role="therapist", subject=AUTHOR)
    assert "The note opens when the appointment begins." in therapist.opens(note_page(someone)).words
    someone.staff().post(f"{path}/cancel", {}, expect=200)
    someone.house.step_to(someone.at(30))
    someone.staff().post(f"{path}/note", {"text": WORDS}, expect=409)
    assert "there is nothing to note" in therapist.opens(note_page(someone)).words


def test_it_opens_as_the_appointment_begins(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(29))
    booked(someone)
    someone.house.step_to(someone.at(30))
    assert writes(someone)["edition"] == 1


def test_the_author_writes_and_amends_on_a_page(attended: Someone, therapist: Desk) -> None:
    window = therapist.opens(f"/integration/patients/{attended.patient_id}/window")
    assert "Write the note" in window.words
    assert note_page(attended) in window.html
    seen = therapist.opens(therapist.sends(note_page(attended), {"text": WORDS, "follows_edition": "0"}).leads_to)
    assert "The note is kept. Only you can open it." in seen.words
    assert WORDS in seen.words
    therapist.sends(note_page(attended), {"text": "Other words", "follows_edition": "1"})
    amended = therapist.opens(note_page(attended)).words
    assert "1 earlier edition" in amended
    assert WORDS in amended
    assert "Open the note" in therapist.opens(f"/integration/patients/{attended.patient_id}/window").words
    assert "Open the note" in therapist.opens(f"/integration/windows?open={attended.session_id}").words


@pytest.mark.parametrize("typed", ["", "w" * 20_001], ids=["nothing", "too long"])
def test_a_note_that_cant_be_kept_is_named_and_stays_typed(attended: Someone, therapist: Desk, typed: str) -> None:
    seen = therapist.sends(note_page(attended), {"text": typed, "follows_edition": "0"}, expect=422)
    assert 'href="#text"' in seen.html
    assert typed in seen.html
    note(attended, expect=404)


def test_names_are_left_to_intake(attended: Someone, therapist: Desk) -> None:
    assert f'data-label-of="{attended.patient_id}"' in therapist.opens(note_page(attended)).html
