"""A patient's page at intake: found without leaving a trace, and only as much of it as the reader may see."""

from uuid import uuid4

import pytest

from tests.component.intake.conftest import Clinic
from tests.support.desk import Desk
from tests.support.house import House


@pytest.fixture
def ada(clinic: Clinic) -> dict[str, str]:
    return clinic.registers(family_name="Okafor", given_name="Ada", phone="(212) 555-0142", birth_date="1984-06-17")


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, "intake")


@pytest.mark.parametrize("typed", ["oka", "ada oka", "0142", "1984-06-17"])
def test_somebody_is_found_by_what_the_desk_knows(desk: Desk, ada: dict[str, str], typed: str) -> None:
    found = desk.sends("/intake/patients", {"query": typed}, expect=200)
    assert "Ada Okafor" in found.words
    assert ada["record_number"] in found.words
    assert f"/intake/patients/{ada['patient_id']}" in found.html
    # the search box in the frame stays empty; the page's own keeps what was typed
    assert f'value="{typed}"' in found.html


def test_whom_somebody_looked_for_stands_in_no_address(desk: Desk, ada: dict[str, str]) -> None:
    """The search is posted; an address that carries a name all the same finds nobody."""
    asked = desk.opens("/intake/patients?query=okafor")
    assert "Okafor" not in asked.words
    assert "Whoever fits what you type appears here" in asked.words
    assert asked.answer.headers["Referrer-Policy"] == "same-origin"
    assert asked.answer.headers["Cache-Control"] == "no-store"


def test_nobody_found_says_what_to_try(desk: Desk, ada: dict[str, str]) -> None:
    assert "Try fewer letters" in desk.sends("/intake/patients", {"query": "zzz"}, expect=200).words


def test_a_search_for_nothing_names_the_field(desk: Desk) -> None:
    asked = desk.sends("/intake/patients", {"query": " "}, expect=422)
    assert "Type a name, record number, phone or birth date." in asked.words
    assert 'href="#query"' in asked.html


def test_a_search_finds_nobody_of_another_site(house: House, ada: dict[str, str]) -> None:
    harbor = Desk(house, "intake", sites=("harbor",))
    assert "Ada" not in harbor.sends("/intake/patients", {"query": "okafor"}, expect=200).words


def test_each_patient_found_is_entered_in_their_audit(clinic: Clinic, desk: Desk, ada: dict[str, str]) -> None:
    desk.sends("/intake/patients", {"query": "okafor"}, expect=200)
    assert ("read", "patient-found") in clinic.audit(ada["patient_id"])


def test_the_page_tells_the_course_and_what_happened(clinic: Clinic, desk: Desk, ada: dict[str, str]) -> None:
    course = clinic.course(patient_id=ada["patient_id"])
    clinic.dosed(course)
    seen = desk.opens(f"/intake/patients/{ada['patient_id']}")
    assert "Ada Okafor" in seen.words
    assert "born 17 Jun 1984, 41" in seen.words
    assert "Ketamine IV · induction 1 of 6" in seen.words
    assert "Induction session 1 ended, Ketamine IV 40 mg" in seen.words
    assert "Checked in. Joy Escort confirmed at" in seen.words
    assert "Lot K-1107" in seen.words
    assert "Joy Escort, sister" in seen.words
    assert ("read", "patient-read") in clinic.audit(ada["patient_id"])


def test_a_correction_shows_old_and_new(clinic: Clinic, desk: Desk, ada: dict[str, str]) -> None:
    session = clinic.dosed(clinic.course(patient_id=ada["patient_id"]))
    clinic.act(session, "corrections", {"dose_mg": 38, "reason": "misread the pump"})
    seen = desk.opens(f"/intake/patients/{ada['patient_id']}").words
    assert "Dose corrected: dose mg 38.0, was 40.0. misread the pump" in seen


def test_sessions_ahead_stand_beside_the_chart(clinic: Clinic, desk: Desk, ada: dict[str, str]) -> None:
    page = f"/intake/patients/{ada['patient_id']}"
    assert "None booked. Booked sessions appear here." in desk.opens(page).words
    clinic.books(clinic.course(patient_id=ada["patient_id"]), starts_at=clinic.at(48))
    assert "Wed 4 Mar, 10:00 Induction, chair" in desk.opens(page).words


PARTS = {
    "front_desk": set(),
    "nurse": {"restriction", "window", "trend", "messages"},
    "therapist": {"plan", "window"},
    "prescriber": {"restriction", "plan", "window", "trend", "messages"},
}


@pytest.mark.parametrize("role", PARTS)
def test_each_reader_gets_the_parts_that_their_role_may_open(house: House, ada: dict[str, str], role: str) -> None:
    seen = Desk(house, "intake", role=role).opens(f"/intake/patients/{ada['patient_id']}")
    found = {part for part in PARTS["prescriber"] if f'/{part}"' in seen.html}
    assert found == PARTS[role]


def test_a_therapist_sees_whose_chart_it_is_and_no_more_of_intakes(house: House, ada: dict[str, str]) -> None:
    seen = Desk(house, "intake", role="therapist").opens(f"/intake/patients/{ada['patient_id']}")
    assert "Ada Okafor" in seen.words
    for kept in ("555-0142", "1984", "People", "Course"):
        assert kept not in seen.words


@pytest.mark.parametrize("role", ["operations", "privacy_officer"])
def test_whoever_sees_no_names_sees_no_patients_page(house: House, ada: dict[str, str], role: str) -> None:
    Desk(house, "intake", role=role).opens(f"/intake/patients/{ada['patient_id']}", expect=403)


def test_a_stranger_and_a_missing_patient_look_the_same(house: House, ada: dict[str, str]) -> None:
    harbor = Desk(house, "intake", sites=("harbor",))
    foreign = harbor.opens(f"/intake/patients/{ada['patient_id']}", expect=404).words
    assert harbor.opens(f"/intake/patients/{uuid4()}", expect=404).words == foreign


def test_a_search_that_isnt_ours_is_refused(desk: Desk) -> None:
    desk.sends("/intake/patients", {"query": "okafor"}, expect=403, proof=False)
