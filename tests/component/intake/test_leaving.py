"""Discharge says who has left; however its word arrives, the highest revision is the truth."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.intake.handlers import handlers
from shared.contracts.discharge_cleared import DischargeCleared, Disposition
from shared.contracts.fields import instant_text
from shared.contracts.session_completed import SessionStatus
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


def struck(clinic: Clinic, session: dict[str, Any]) -> dict[str, Any]:
    clinic.act(session, "corrections", {"entered_in_error": True, "reason": "wrong patient"})
    return clinic.session(session)


def withdrawn(clinic: Clinic, session: dict[str, Any], **changes: Any) -> DischargeCleared:
    return clinic.left(session, **{"revision": 2, "status": SessionStatus.ENTERED_IN_ERROR} | changes)


def test_a_leaving_entered_in_error_is_taken_off_the_struck_session_and_kept_beside_it(clinic: Clinic) -> None:
    session = clinic.dosed()
    event = clinic.left(session)
    clinic.hears(event)
    before = struck(clinic, session)
    assert (before["state"], before["left_at"]) == ("cancelled", instant_text(event.left_at))
    clinic.hears(withdrawn(clinic, session))
    after = clinic.session(session)
    assert (after["state"], after["status"]) == ("cancelled", "entered-in-error")
    assert (after["left_at"], after["disposition"]) == (None, None)
    change = after["changes"][-1]
    assert change["what"] == "leaving"
    assert change["old"] == {"left_at": instant_text(event.left_at), "disposition": "cleared"}
    assert change["new"] == {"left_at": None, "disposition": None}
    assert ("write", "session-leaving-withdrawn") in clinic.audit(session["patient_id"])


def test_it_is_taken_off_once_however_often_and_in_whatever_order_it_is_told(clinic: Clinic) -> None:
    session = clinic.dosed()
    tell(clinic, clinic.left(session))
    struck(clinic, session)
    tell(clinic, withdrawn(clinic, session))
    once = clinic.session(session)
    for late in (withdrawn(clinic, session), clinic.left(session), withdrawn(clinic, session, revision=3)):
        tell(clinic, late)
    assert clinic.session(session) == once
    actions = [action for _, action in clinic.audit(session["patient_id"])]
    assert actions.count("session-leaving-withdrawn") == 1


def test_what_discharge_says_before_it_hears_of_the_error_takes_nothing_off(clinic: Clinic) -> None:
    session = clinic.dosed()
    tell(clinic, clinic.left(session))
    before = struck(clinic, session)
    tell(clinic, clinic.left(session, revision=2))
    assert clinic.session(session) == before
    tell(clinic, withdrawn(clinic, session, revision=3))
    assert clinic.session(session)["left_at"] is None


def test_an_error_that_overtakes_the_leaving_leaves_nothing_to_apply(clinic: Clinic) -> None:
    session = clinic.dosed()
    tell(clinic, withdrawn(clinic, session))
    assert clinic.session(session)["state"] == "recovering"
    tell(clinic, clinic.left(session))
    assert clinic.session(session)["state"] == "recovering"


def test_an_error_that_comes_before_the_dose_does_not_end_the_session_later(clinic: Clinic) -> None:
    session = clinic.started()
    tell(clinic, withdrawn(clinic, session))
    assert clinic.act(session, "complete", {"dose_mg": 40, "lot": "K"})["state"] == "recovering"


@pytest.mark.parametrize("back", [False, True], ids=["as it is", "and the error is taken back"])
def test_only_intake_strikes_a_session_that_stands(clinic: Clinic, back: bool) -> None:
    session = clinic.dosed()
    event = clinic.left(session)
    tell(clinic, event)
    tell(clinic, withdrawn(clinic, session))
    if back:
        tell(clinic, clinic.left(session, revision=3))
    gone = clinic.session(session)
    assert (gone["state"], gone["left_at"]) == ("left", instant_text(event.left_at))
