"""The desk's day on one page, without script."""

from datetime import timedelta
from typing import Any

import pytest

from tests.component.intake.conftest import BASELINE, Clinic
from tests.support.desk import Desk, Page

_WAY_HOME = {
    "kind": "escort",
    "name": "Joy Escort",
    "phone": "(212) 555-0135",
    "relationship": "sister",
    "adult": "yes",
    "word": "now",
}


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    return Desk(clinic.house, "intake")


@pytest.fixture
def nurse(clinic: Clinic) -> Desk:
    return Desk(clinic.house, "intake", role="nurse")


def way_home(clinic: Clinic, desk: Desk, session: dict[str, Any], *, expect: int = 303, **changes: str) -> Page:
    version = clinic.session(session)["version"]
    path = f"/intake/today/{session['session_id']}/transport"
    return desk.sends(path, _WAY_HOME | {"version": version} | changes, expect=expect)


def test_an_empty_day_says_what_will_appear(desk: Desk) -> None:
    assert "Nobody is booked today. Sessions booked for this day appear here." in desk.opens("/intake/today").words


def test_a_row_says_who_what_and_what_is_in_the_way(clinic: Clinic, desk: Desk) -> None:
    session = clinic.books(chair_id="r3")
    said = desk.opens("/intake/today").words
    name = clinic.desk.get(f"/patients/{session['patient_id']}").get_json()["name"]
    for words in (name, "R3", "Induction 1 of 6", "Ketamine IV", "Nobody named", "Add way home"):
        assert words in said
    assert "Can’t start: nobody is named to take the patient home." in said


def test_operations_sees_the_day_without_names_and_acts(clinic: Clinic) -> None:
    session = clinic.books()
    clinic.named(session)
    page = Desk(clinic.house, "intake", role="operations").opens("/intake/today")
    name = clinic.desk.get(f"/patients/{session['patient_id']}").get_json()
    for words in (name["name"], name["record_number"], "Joy Escort", "555-0135"):
        assert words not in page.html
    assert [form for form in page.forms() if "/today/" in form] == []


def test_the_morning_goes_through_plain_forms(clinic: Clinic, desk: Desk, nurse: Desk) -> None:
    session = clinic.books()
    path = f"/intake/today/{session['session_id']}"
    opened = desk.opens(f"/intake/today?open={session['session_id']}")
    assert f"{path}/transport" in opened.forms()
    way_home(clinic, desk, session, arrives_at="13:30")
    assert desk.sends(f"{path}/check-in").leads_to == f"/intake/today?done=checked-in&of={session['session_id']}"
    assert "is checked in. Undo" in desk.opens(f"/intake/today?done=checked-in&of={session['session_id']}").words
    nurse.sends(f"{path}/start", {f"baseline.{name}": value for name, value in BASELINE.items()})
    nurse.sends(f"{path}/complete", {"dose_mg": "40", "lot": "K-1107"})
    now = clinic.session(session)
    assert (now["state"], now["dose_mg"], now["lot"]) == ("recovering", 40, "K-1107")
    nurse.sends(f"{path}/corrections", {"dose_mg": "42.5", "reason": "misread"})
    assert clinic.session(session)["dose_mg"] == 42.5


def test_an_age_that_nobody_chose_is_unknown(clinic: Clinic, desk: Desk) -> None:
    session = clinic.books()
    way_home(clinic, desk, session, adult="")
    transport = clinic.session(session)["transport"]
    assert transport["adult"] is None
    assert "Age not known" in desk.opens("/intake/today").words


def test_saving_another_phone_number_renews_nobodys_word(clinic: Clinic, desk: Desk) -> None:
    session = clinic.books()
    way_home(clinic, desk, session)
    before = clinic.session(session)["transport"]["confirmed_at"]
    clinic.house.clock.advance(timedelta(minutes=30))
    way_home(clinic, desk, session, phone="(212) 555-0199", word="before")
    after = clinic.session(session)["transport"]
    assert (after["phone"], after["confirmed_at"]) == ("(212) 555-0199", before)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "This is needed."),
        ({"word": ""}, "This is needed."),
        ({"word": "at"}, "Type the time at which they confirmed."),
        ({"word": "at", "confirmed_at": "25:99"}, "Must be a time such as 14:05."),
        ({"relationship": "x" * 101}, "Must be 1 to 100 characters."),
        ({"surprise": "1"}, "There is no such field."),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_names_the_field(
    clinic: Clinic, desk: Desk, changes: dict[str, str], said: str
) -> None:
    session = clinic.books()
    page = way_home(clinic, desk, session, phone="(212) 555-0777", expect=422, **changes)
    assert said in page.words
    assert page.value_of("phone") == "(212) 555-0777"
    assert "data-takes-focus" in page.html
    assert clinic.session(session)["transport"] is None


def test_a_form_opened_before_somebody_elses_change_is_stale_and_keeps_its_typing(clinic: Clinic, desk: Desk) -> None:
    session = clinic.books()
    version = str(clinic.session(session)["version"])
    clinic.named(session)
    page = way_home(clinic, desk, session, version=version, name="Typed Here", expect=412)
    assert "Somebody changed this while you typed." in page.words
    assert page.value_of("name") == "Typed Here"
    assert clinic.session(session)["transport"]["name"] == "Joy Escort"


def test_a_start_without_a_way_home_is_refused_with_the_next_step(clinic: Clinic, nurse: Desk) -> None:
    session = clinic.books()
    clinic.act(session, "check-in")
    path = f"/intake/today/{session['session_id']}/start"
    page = nurse.sends(path, {f"baseline.{name}": value for name, value in BASELINE.items()}, expect=409)
    assert "Add an escort or a ride, and confirm it." in page.words
    assert page.value_of("baseline.systolic_mmhg") == str(BASELINE["systolic_mmhg"])
    assert 'aria-disabled="true"' in page.html


def test_sending_a_dose_twice_charts_it_once(clinic: Clinic, nurse: Desk) -> None:
    session = clinic.started()
    form = {"dose_mg": "40", "lot": "K-1107", "once": "one-press"}
    path = f"/intake/today/{session['session_id']}/complete"
    first, second = nurse.sends(path, form), nurse.sends(path, form)
    assert first.leads_to == second.leads_to


@pytest.mark.parametrize(
    "show", ["all", "cannot-start", "booked", "arrived", "started", "recovering", "left", "nonsense"]
)
def test_the_counts_filter_the_day(clinic: Clinic, desk: Desk, show: str) -> None:
    clinic.books()
    page = desk.opens(f"/intake/today?show={show}")
    assert ("Nobody named" in page.words) == (show in {"all", "cannot-start", "booked", "nonsense"})


def test_a_session_of_another_site_opens_nowhere(clinic: Clinic) -> None:
    session = clinic.books()
    Desk(clinic.house, "intake", sites=("harbor",)).opens(f"/intake/today?open={session['session_id']}", expect=404)


def test_a_patient_is_found_registered_and_booked_from_the_desk(clinic: Clinic, desk: Desk) -> None:
    person = {"given_name": "Nora", "family_name": "Vidal", "birth_date": "1990-02-03", "phone": "(212) 555-0111"}
    leads_to = desk.sends("/intake/booking/patients", person).leads_to
    assert "Registered as RIV-" in desk.opens(leads_to).words
    patient_id = leads_to.split("/")[-1].split("?")[0]
    desk.sends(f"/intake/booking/patients/{patient_id}/courses", {"product": "ketamine-iv", "planned_sessions": "6"})
    course_id = clinic.desk.get(f"/patients/{patient_id}").get_json()["courses"][0]["course_id"]
    booking = {"kind": "induction", "chair_id": "r1", "starts_at": "2026-03-02T11:00", "duration_minutes": "180"}
    path = f"/intake/booking/courses/{course_id}/sessions"
    assert "/intake/today?done=booked" in desk.sends(path, booking).leads_to
    assert "already has a session" in desk.sends(path, booking | {"chair_id": "r2"}, expect=409).words
    assert "Nora Vidal" in desk.sends("/intake/booking/find", {"query": "vid nor"}, expect=200).words
    again = desk.sends("/intake/booking/patients", person).leads_to
    assert "Possibly the same person" in desk.opens(again).words


def test_a_taken_chair_is_said_and_what_was_typed_stays(clinic: Clinic, desk: Desk) -> None:
    clinic.books(chair_id="r1")
    course = clinic.course()
    booking = {"kind": "induction", "chair_id": "r1", "starts_at": "2026-03-02T10:30", "duration_minutes": "120"}
    page = desk.sends(f"/intake/booking/courses/{course['course_id']}/sessions", booking, expect=409)
    assert "R1 is taken at that time" in page.words
    assert page.value_of("starts_at") == "2026-03-02T10:30"
    assert page.value_of("duration_minutes") == "120"


def test_a_filter_that_finds_nobody_says_so(clinic: Clinic, desk: Desk) -> None:
    clinic.books()
    said = desk.opens("/intake/today?show=started").words
    assert "No session is under way before its dose." in said
    assert "In a chair" not in said


def test_of_those_who_left_the_latest_five_are_shown_and_the_others_one_step_away(clinic: Clinic, desk: Desk) -> None:
    sessions = []
    for _ in range(6):
        sessions.append(clinic.dosed())
        clinic.hears(clinic.left(sessions[-1]))
        clinic.house.clock.advance(timedelta(minutes=1))
    board = desk.opens("/intake/today")
    assert [session["session_id"] for session in sessions if f"row-{session['session_id']}" not in board.html] == [
        sessions[0]["session_id"]
    ]
    assert "the latest 5 here Show everybody who left" in board.words
    everybody = desk.opens("/intake/today?show=left")
    assert all(f"row-{session['session_id']}" in everybody.html for session in sessions)
    assert f"show=left&amp;open={sessions[0]['session_id']}" in everybody.html
    opened = desk.opens(f"/intake/today?open={sessions[0]['session_id']}")
    assert f"sheet-row-{sessions[0]['session_id']}" in opened.html


def test_who_comes_later_and_needs_nothing_folds_and_is_not_told_of_the_chair(clinic: Clinic, desk: Desk) -> None:
    clinic.dosed()
    later = clinic.books(starts_at=clinic.at(3))
    clinic.named(later, arrives_at=clinic.at(5))
    row = desk.opens("/intake/today").html.partition(f'id="row-{later["session_id"]}"')[2].partition("</tr>")[0]
    assert 'class=" folds"' in row
    assert "Check in" in row
    assert "once R" not in row
