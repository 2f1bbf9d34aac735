"""Discharge says who has left; however its word arrives, the highest revision is the truth."""

from datetime import timedelta
from uuid import uuid4

from services.intake.handlers import handlers
from shared.contracts.discharge_cleared import DischargeCleared, Disposition
from shared.contracts.fields import instant_text
from tests.component.intake.conftest import Clinic


def tell(clinic: Clinic, event: DischargeCleared) -> None:
    """Straight to the handler: order and repetition are the test's own."""
    running = clinic.house.service("intake")
    with running.unit_of_work() as uow:
        handlers(running.deps)["discharge-cleared"](uow, event, clinic.house.clock.at)


def test_who_has_left_frees_the_chair(clinic: Clinic) -> None:
    session = clinic.dosed()
    booking = clinic.booking(starts_at=clinic.at(1))
    clinic.desk.post("/sessions", booking, expect=409)
    event = clinic.left(session)
    clinic.hears(event)
    gone = clinic.session(session)
    assert (gone["state"], gone["disposition"]) == ("left", "cleared")
    assert gone["left_at"] == instant_text(event.left_at)
    clinic.desk.post("/sessions", booking, expect=201)
    assert ("write", "session-left") in clinic.audit(session["patient_id"])


def test_leaving_against_advice_is_leaving(clinic: Clinic) -> None:
    session = clinic.dosed()
    clinic.hears(clinic.left(session, disposition=Disposition.LEFT_AGAINST_ADVICE))
    assert clinic.session(session)["disposition"] == "left-against-advice"


def test_the_highest_revision_wins_in_any_order(clinic: Clinic) -> None:
    session = clinic.dosed()
    late = clinic.left(session, revision=3)
    early = clinic.left(session, revision=2, left_at=late.left_at - timedelta(minutes=30))
    for event in (late, early, late, early):
        tell(clinic, event)
    gone = clinic.session(session)
    assert gone["left_at"] == instant_text(late.left_at)
    assert [action for _, action in clinic.audit(session["patient_id"])].count("session-left") == 1


def test_a_later_revision_corrects_the_leaving(clinic: Clinic) -> None:
    session = clinic.dosed()
    first = clinic.left(session)
    tell(clinic, first)
    tell(clinic, clinic.left(session, revision=2, left_at=first.left_at + timedelta(minutes=5)))
    assert clinic.session(session)["left_at"] == instant_text(first.left_at + timedelta(minutes=5))


def test_a_leaving_that_comes_before_the_dose_waits_for_it(clinic: Clinic) -> None:
    session = clinic.started()
    tell(clinic, clinic.left(session))
    assert clinic.session(session)["state"] == "started"
    assert clinic.act(session, "complete", {"dose_mg": 40, "lot": "K"})["state"] == "left"


def test_a_leaving_of_nobody_we_know_harms_nothing(clinic: Clinic) -> None:
    session = clinic.dosed()
    tell(clinic, clinic.left(session, session_id=uuid4(), patient_id=uuid4()))
    assert clinic.session(session)["state"] == "recovering"


def test_a_struck_session_stays_struck(clinic: Clinic) -> None:
    session = clinic.dosed()
    clinic.act(session, "corrections", {"entered_in_error": True, "reason": "wrong patient"})
    tell(clinic, clinic.left(session))
    struck = clinic.session(session)
    assert (struck["state"], struck["status"]) == ("cancelled", "entered-in-error")
