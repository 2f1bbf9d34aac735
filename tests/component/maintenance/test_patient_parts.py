"""Maintenance's parts of the patient's page: the next booster and why, scores, messages, each for whom it is meant."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from services.maintenance.store.tables import OverrideRow
from tests.component.maintenance.conftest import Someone
from tests.support.desk import Desk

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
WELL = {f"item_{n}": "0" for n in range(1, 10)} | {"instrument": "phq-9"}


def at(someone: Someone, part: str) -> str:
    return f"/maintenance/patients/{someone.patient_id}/{part}"


@pytest.fixture
def doctor(someone: Someone) -> Desk:
    return Desk(someone.house, "maintenance", role="prescriber", subject="dr-a")


@pytest.fixture
def nurse(someone: Someone) -> Desk:
    return Desk(someone.house, "maintenance", role="nurse")


def test_the_plan_says_when_and_why_with_its_place_on_the_scale(someone: Someone, doctor: Desk) -> None:
    someone.responds()
    plan = doctor.opens(at(someone, "plan"))
    assert "Monday 13 April, in 42 days" in plan.words
    assert "First interval: PHQ-9 4 of baseline 18, lowest 4, remission: 42 days." in plan.words
    assert 'aria-label="The interval is 42 days on a scale from 28 to 90."' in plan.html
    assert ("plan-read") in {entry["action"] for entry in someone.audit()}


def test_a_part_is_a_fragment_for_the_page_and_a_page_for_a_person(someone: Someone, doctor: Desk) -> None:
    someone.responds()
    assert doctor.opens(at(someone, "plan"), headers=PARTIAL).html.startswith("<h2>Next booster</h2>")
    assert doctor.opens(at(someone, "plan")).html.lstrip().startswith("<!doctype html>")


def test_an_override_applies_at_once_and_shows_who_and_why(someone: Someone, doctor: Desk) -> None:
    someone.responds()
    until = (someone.house.clock.at.date() + timedelta(days=60)).isoformat()
    form = {"interval_days": "35", "expires_on": until, "reason": "travels in April"}
    assert doctor.sends(at(someone, "overrides"), form).leads_to == at(someone, "plan")
    seen = doctor.opens(at(someone, "plan")).words
    assert "In force 35 days" in seen
    assert "travels in April" in seen
    assert "Set by you" in seen
    assert "Interval 35 days, was 42." in seen


def test_a_short_override_waits_for_another_prescriber(someone: Someone, doctor: Desk) -> None:
    someone.responds()
    override = someone.overrides(21, until=date(2026, 5, 1), subject="dr-a")["override_id"]
    assert "Another prescriber must confirm it" in doctor.opens(at(someone, "plan")).words
    confirm = at(someone, f"overrides/{override}/confirmations")
    assert "A second prescriber must confirm what you ordered." in doctor.sends(confirm, expect=409).words
    second = Desk(someone.house, "maintenance", role="medical_director", subject="dr-b")
    assert confirm in second.opens(at(someone, "plan")).forms()
    second.sends(confirm)
    assert "confirmed by you" in second.opens(at(someone, "plan")).words
    assert "confirmed by Test medical_director" in doctor.opens(at(someone, "plan")).words
    with someone.house.service("maintenance").unit_of_work() as uow:
        uow.session.execute(update(OverrideRow).values(confirmed_by_name=None))
    assert "confirmed by dr-b" in doctor.opens(at(someone, "plan")).words


def test_a_colleague_finds_who_set_an_interval_by_name_and_an_old_one_by_subject(someone: Someone) -> None:
    someone.responds()
    someone.overrides(35, until=date(2026, 5, 1), subject="emp-48213")
    colleague = Desk(someone.house, "maintenance", role="prescriber", subject="dr-b")
    assert "Set by Test prescriber," in colleague.opens(at(someone, "plan")).words
    with someone.house.service("maintenance").unit_of_work() as uow:
        uow.session.execute(update(OverrideRow).values(ordered_by_name=None))
    assert "Set by emp-48213," in colleague.opens(at(someone, "plan")).words


def test_a_refused_override_keeps_what_was_typed_and_names_the_field(someone: Someone, doctor: Desk) -> None:
    someone.responds()
    form = {"interval_days": "500", "expires_on": "2026-05-01", "reason": "a long reason"}
    seen = doctor.sends(at(someone, "overrides"), form, expect=422)
    assert "Must be 1 to 180." in seen.words
    assert "a long reason" in seen.words
    assert seen.value_of("interval_days") == "500"
    assert 'href="#interval_days"' in seen.html


def test_a_therapist_reads_the_plan_and_is_offered_no_override(someone: Someone) -> None:
    someone.responds()
    therapist = Desk(someone.house, "maintenance", role="therapist")
    assert "Override the interval" not in therapist.opens(at(someone, "plan")).words
    therapist.sends(at(someone, "overrides"), {}, expect=403)


def test_a_held_plan_says_so_and_no_more(someone: Someone, doctor: Desk) -> None:
    someone.responds()
    someone.scores(20, item_9=2)
    seen = doctor.opens(at(someone, "plan")).words
    assert "On hold No booster until a person has resolved the escalation" in seen


def test_scores_stand_as_a_sentence_a_drawing_and_a_table(someone: Someone, nurse: Desk) -> None:
    someone.responds()
    seen = nurse.opens(at(someone, "trend"))
    assert "4 on 2 Mar 2026, baseline 18, lowest 4; 1 induction, no boosters." in seen.words
    assert "data-chart=" in seen.html
    assert "PHQ-9 18 moderately severe 0" in seen.words


def test_a_questionnaire_is_entered_item_by_item(someone: Someone, nurse: Desk) -> None:
    """Also for somebody whom no event has named: the baseline comes before the first session."""
    form = nurse.opens(at(someone, "trend?form=phq-9"))
    assert "9. Thoughts that you would be better off dead" in form.words
    kept = nurse.sends(at(someone, "assessments"), WELL | {"item_2": "3"})
    assert "PHQ-9 3 is recorded." in nurse.opens(kept.leads_to).words


def test_an_item_left_out_is_named_and_the_others_stay_chosen(someone: Someone, nurse: Desk) -> None:
    answers = {name: value for name, value in WELL.items() if name != "item_9"} | {"item_1": "2"}
    seen = nurse.sends(at(someone, "assessments"), answers, expect=422)
    assert "Item 9: Choose an answer." in seen.words.replace(" :", ":")
    assert seen.value_of("item_1") == "2"
    assert seen.value_of("item_9") is None


@pytest.mark.parametrize("answer", ["4", "-1", "x", "1.5"])
def test_an_answer_that_the_form_doesnt_have_is_refused(someone: Someone, nurse: Desk, answer: str) -> None:
    seen = nurse.sends(at(someone, "assessments"), WELL | {"item_4": answer}, expect=422)
    assert 'href="#item_4"' in seen.html


def test_a_high_item_9_calls_people_and_shows_crisis_lines(someone: Someone, nurse: Desk) -> None:
    someone.responds()
    kept = nurse.sends(at(someone, "assessments"), WELL | {"item_9": "2"})
    seen = nurse.opens(kept.leads_to).words
    assert "Item 9 calls a person now." in seen
    assert "555-0100" in seen
    assert len(someone.risks()) == 1


def test_a_low_item_9_shows_no_crisis_lines(someone: Someone, nurse: Desk) -> None:
    seen = nurse.opens(nurse.sends(at(someone, "assessments"), WELL).leads_to).words
    assert "555-0100" not in seen


def test_pressing_twice_keeps_one(someone: Someone, nurse: Desk) -> None:
    for _ in range(2):
        nurse.sends(at(someone, "assessments"), WELL | {"once": "abc"})
    assert nurse.opens(at(someone, "trend")).words.count("PHQ-9 0 minimal") == 1


def test_messages_are_the_prescribers_and_a_nurse_sees_the_weeks_only(
    someone: Someone, doctor: Desk, nurse: Desk
) -> None:
    someone.responds()
    doctor.sends(at(someone, "messages"), {"text": "How do you sleep?"})
    assert "How do you sleep? You" in doctor.opens(at(someone, "messages")).words
    seen = nurse.opens(at(someone, "messages")).words
    assert "How do you sleep?" not in seen
    assert "Weekly check-ins" in seen
    nurse.sends(at(someone, "messages"), {"text": "x"}, expect=403)


def test_an_empty_message_is_refused(someone: Someone, doctor: Desk) -> None:
    someone.responds()
    assert 'href="#text"' in doctor.sends(at(someone, "messages"), {"text": " "}, expect=422).html


@pytest.mark.parametrize(
    ("role", "scores", "intervals"), [("nurse", True, False), ("therapist", False, True), ("prescriber", True, True)]
)
def test_the_timeline_tells_each_reader_what_they_may_open(
    someone: Someone, role: str, scores: bool, intervals: bool
) -> None:
    someone.responds()
    seen = Desk(someone.house, "maintenance", role=role).opens(at(someone, "timeline")).words
    assert ("PHQ-9 18, moderately severe." in seen) is scores
    assert ("Interval 42 days." in seen) is intervals


@pytest.mark.parametrize("part", ["plan", "messages", "timeline"])
def test_a_stranger_and_an_unknown_patient_get_the_same_words(someone: Someone, part: str) -> None:
    someone.responds()
    harbor = Desk(someone.house, "maintenance", role="prescriber", sites=("harbor",))
    foreign = harbor.opens(at(someone, part), expect=404, headers=PARTIAL)
    missing = harbor.opens(f"/maintenance/patients/{uuid4()}/{part}", expect=404, headers=PARTIAL)
    assert foreign.html == missing.html
    assert foreign.answer.headers["Afterglow-Section"] == "unknown"
