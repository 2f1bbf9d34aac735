"""A slip at the desk can be taken back for ten minutes, and never once it would take somebody else's chair."""

from datetime import timedelta

import pytest

from tests.component.intake.conftest import Clinic
from tests.support.desk import Desk

_LIMIT = timedelta(minutes=10)


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    return Desk(clinic.house, "intake")


@pytest.mark.parametrize("act", ["check-in", "cancel", "no-show"])
def test_up_to_ten_minutes_after_it_an_act_is_taken_back(clinic: Clinic, desk: Desk, act: str) -> None:
    session = clinic.books()
    clinic.act(session, act)
    clinic.house.clock.advance(_LIMIT)
    desk.sends(f"/intake/today/{session['session_id']}/undo")
    now = clinic.session(session)
    assert (now["state"], now["arrived_at"]) == ("booked", None)


@pytest.mark.parametrize("act", ["check-in", "cancel", "no-show"])
def test_a_second_later_it_stands(clinic: Clinic, desk: Desk, act: str) -> None:
    session = clinic.books()
    state = clinic.act(session, act)["state"]
    clinic.house.clock.advance(_LIMIT + timedelta(seconds=1))
    said = desk.sends(f"/intake/today/{session['session_id']}/undo", expect=409)
    assert "more than 10 minutes ago" in said.words
    assert clinic.session(session)["state"] == state


def test_a_cancelled_session_goes_back_to_where_it_was(clinic: Clinic, desk: Desk) -> None:
    arrived, started = clinic.arrived(), clinic.started(chair_id="r2")
    for session, state in ((arrived, "arrived"), (started, "started")):
        clinic.act(session, "cancel")
        desk.sends(f"/intake/today/{session['session_id']}/undo")
        assert clinic.session(session)["state"] == state


def test_a_chair_given_away_since_stays_given_away(clinic: Clinic, desk: Desk) -> None:
    session = clinic.books()
    clinic.act(session, "cancel")
    clinic.books(chair_id=session["chair_id"])
    said = desk.sends(f"/intake/today/{session['session_id']}/undo", expect=409)
    assert "R1 is taken at that time" in said.words
    assert clinic.session(session)["state"] == "cancelled"


def test_hours_that_the_patient_gave_to_another_chair_stay_given(clinic: Clinic, desk: Desk) -> None:
    course = clinic.course()
    session = clinic.books(course)
    clinic.act(session, "cancel")
    clinic.books(course, chair_id="r2")
    said = desk.sends(f"/intake/today/{session['session_id']}/undo", expect=409)
    assert "already has a session" in said.words


def test_nothing_that_was_started_or_dosed_is_undone(clinic: Clinic, desk: Desk) -> None:
    for session in (clinic.books(), clinic.started(chair_id="r2"), clinic.dosed(chair_id="r3")):
        desk.sends(f"/intake/today/{session['session_id']}/undo", expect=409)
