"""Escalations as prescribers work through them: the worst first, seen in one's own name, resolved by a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from services.maintenance.store.tables import EscalationRow
from tests.component.maintenance.conftest import Someone
from tests.support.desk import Desk

BOARD = "/maintenance/escalations"


@pytest.fixture
def doctor(someone: Someone) -> Desk:
    return Desk(someone.house, "maintenance", role="prescriber", subject="dr-a")


def at_risk(someone: Someone) -> str:
    someone.responds()
    someone.scores(20, item_9=2)
    return str(someone.risks()[0]["escalation_id"])


def test_the_worst_comes_first_whoever_was_first(
    someone: Someone, newcomer: Callable[..., Someone], doctor: Desk
) -> None:
    other = newcomer()
    other.scores(5, item_9=1)
    someone.house.advance(timedelta(minutes=5))
    escalation = at_risk(someone)
    html = doctor.opens(BOARD).html
    review = next(e["escalation_id"] for e in other.escalations())
    assert html.index(f"row-{escalation}") < html.index(f"row-{review}")
    assert "Boosters on hold until resolved" in doctor.opens(BOARD).words


def test_an_open_one_says_by_when_and_who_was_called(someone: Someone, doctor: Desk) -> None:
    at_risk(someone)
    assert "in 15 min" in doctor.opens(BOARD).words
    assert "Called: prescriber on call; next second prescriber on call at" in doctor.opens(BOARD).words
    someone.house.advance(timedelta(minutes=14, seconds=59))
    assert "in 1 min" in doctor.opens(BOARD).words
    someone.house.advance(timedelta(minutes=2, seconds=1))
    assert "overdue by 2 min" in doctor.opens(BOARD).words


def test_somebody_says_that_they_are_on_it_once(someone: Someone, doctor: Desk) -> None:
    path = f"{BOARD}/{at_risk(someone)}/acknowledgements"
    seen = doctor.opens(doctor.sends(path).leads_to)
    assert "It is yours: nobody further is called." in seen.words
    assert "Seen by Test prescriber," in seen.words
    second = Desk(someone.house, "maintenance", role="medical_director", subject="dr-b")
    assert "somebody has acknowledged" in second.sends(path, expect=409).words


def test_resolving_ends_the_hold_and_keeps_what_was_done(someone: Someone, doctor: Desk) -> None:
    escalation = at_risk(someone)
    opened = doctor.opens(f"{BOARD}?open={escalation}")
    assert f"{BOARD}/{escalation}/resolutions" in opened.forms()
    doctor.sends(f"{BOARD}/{escalation}/resolutions", {"note": "spoke for an hour"})
    assert someone.plan()["state"] != "hold"
    seen = doctor.opens(f"{BOARD}?open={escalation}").words
    assert "spoke for an hour" in seen
    assert "Test prescriber Resolved" in seen, "who resolves what nobody saw before has seen it"
    assert "dr-a" not in seen
    assert "Resolved in the last 7 days" in seen
    assert "escalation-read" in {entry["action"] for entry in someone.audit()}


def test_whoever_saw_and_resolved_it_stands_by_name_and_by_subject_where_none_was_kept(
    someone: Someone, doctor: Desk
) -> None:
    escalation = at_risk(someone)
    doctor.sends(f"{BOARD}/{escalation}/acknowledgements")
    someone.house.advance(timedelta(minutes=5))
    director = Desk(someone.house, "maintenance", role="medical_director", subject="emp-48213")
    director.sends(f"{BOARD}/{escalation}/resolutions")
    sheet, timeline = f"{BOARD}?open={escalation}", f"/maintenance/patients/{someone.patient_id}/timeline"

    def stands(seen: str, resolved: str) -> None:
        board, told = doctor.opens(sheet), doctor.opens(timeline).words
        assert f"By {resolved}, " in board.words
        assert f"{seen} Resolved 1" in board.words
        assert f"{resolved} What was done" in board.words
        assert f"By {seen}." in told
        assert f"By {resolved}." in told

    stands("Test prescriber", "Test medical_director")
    with someone.house.service("maintenance").unit_of_work() as uow:
        uow.session.execute(update(EscalationRow).values(acknowledged_by_name=None, resolved_by_name=None))
    stands("dr-a", "emp-48213")


def test_one_acknowledged_before_names_were_kept_says_the_subject(someone: Someone, doctor: Desk) -> None:
    doctor.sends(f"{BOARD}/{at_risk(someone)}/acknowledgements")
    with someone.house.service("maintenance").unit_of_work() as uow:
        uow.session.execute(update(EscalationRow).values(acknowledged_by_name=None))
    assert "Seen by dr-a," in doctor.opens(BOARD).words


def test_a_note_that_is_too_long_stays_typed_and_is_named(someone: Someone, doctor: Desk) -> None:
    escalation = at_risk(someone)
    seen = doctor.sends(f"{BOARD}/{escalation}/resolutions", {"note": "w" * 2001}, expect=422)
    assert 'href="#note"' in seen.html
    assert "w" * 2001 in seen.html
    assert someone.plan()["state"] == "hold"


def test_an_old_resolution_leaves_the_board(someone: Someone, doctor: Desk) -> None:
    escalation = at_risk(someone)
    someone.resolves(escalation)
    assert f"row-{escalation}" in doctor.opens(BOARD).html
    someone.house.advance(timedelta(days=7, seconds=1))
    assert f"row-{escalation}" not in doctor.opens(BOARD).html


def test_counts_filter_the_board(someone: Someone, doctor: Desk) -> None:
    escalation = at_risk(someone)
    assert f"row-{escalation}" in doctor.opens(f"{BOARD}?show=open").html
    assert "Nothing is overdue." in doctor.opens(f"{BOARD}?show=overdue").words


def test_nothing_to_look_at_says_what_will_appear(someone: Someone, doctor: Desk) -> None:
    assert "Answers, scores and wishes that need a person appear here." in doctor.opens(BOARD).words


def test_names_are_left_to_intake(someone: Someone, doctor: Desk) -> None:
    at_risk(someone)
    assert f'data-label-of="{someone.patient_id}"' in doctor.opens(BOARD).html


@pytest.mark.parametrize("role", ["front_desk", "nurse", "therapist", "operations", "privacy_officer"])
def test_only_prescribers_open_it(someone: Someone, role: str) -> None:
    Desk(someone.house, "maintenance", role=role).opens(BOARD, expect=403)


def test_another_sites_are_neither_seen_nor_touched(someone: Someone) -> None:
    escalation = at_risk(someone)
    harbor = Desk(someone.house, "maintenance", role="prescriber", sites=("harbor",))
    assert f"row-{escalation}" not in harbor.opens(f"{BOARD}?open={escalation}").html
    harbor.sends(f"{BOARD}/{escalation}/acknowledgements", expect=404)


def test_the_patients_page_says_that_one_is_open(someone: Someone, doctor: Desk) -> None:
    at_risk(someone)
    assert "1 escalation open" in doctor.opens(f"/maintenance/patients/{someone.patient_id}/plan").words
