"""A week of movement, sleep and food as the patient tells it to a nurse, entered beside the chart."""

from datetime import timedelta

import pytest

from tests.component.maintenance.conftest import Someone
from tests.support.desk import Desk

# the house's first instant is Monday 2 March 2026
THIS_WEEK, LAST_WEEK = "2026-03-02", "2026-02-23"


@pytest.fixture
def nurse(someone: Someone) -> Desk:
    someone.scores(9)
    return Desk(someone.house, "maintenance", role="nurse", subject="nurse-a")


def messages(someone: Someone) -> str:
    return f"/maintenance/patients/{someone.patient_id}/messages"


def check_ins(someone: Someone) -> str:
    return f"/maintenance/patients/{someone.patient_id}/check-ins"


def told(someone: Someone) -> list[dict[str, object]]:
    nurse = someone.house.client("maintenance", role="nurse", sites=["riverside"])
    items: list[dict[str, object]] = nurse.get(f"/lifestyle-check-ins?patient_id={someone.patient_id}").get_json()[
        "items"
    ]
    return items


def test_a_nurse_keeps_a_week_as_it_was_told(someone: Someone, nurse: Desk) -> None:
    assert check_ins(someone) in nurse.opens(messages(someone)).forms()
    week = {"week_starts_on": LAST_WEEK, "active_days": "3", "restful_nights": "6", "balanced_days": ""}
    seen = nurse.opens(nurse.sends(check_ins(someone), week).leads_to)
    assert "The week of Mon 23 Feb is kept." in seen.words
    assert "Mon 23 Feb 3 of 7 6 of 7 –" in seen.words
    (kept,) = told(someone)
    assert (kept["week_starts_on"], kept["active_days"], kept["restful_nights"], kept["balanced_days"]) == (
        LAST_WEEK,
        3,
        6,
        None,
    )


def test_a_week_that_was_told_isnt_offered_again_and_is_kept_once(someone: Someone, nurse: Desk) -> None:
    nurse.sends(check_ins(someone), {"week_starts_on": THIS_WEEK, "active_days": "3"})
    assert f'value="{THIS_WEEK}"' not in nurse.opens(messages(someone)).html
    again = nurse.sends(check_ins(someone), {"week_starts_on": THIS_WEEK, "active_days": "4"}, expect=409)
    assert "This week has its check-in already." in again.words
    assert [week["active_days"] for week in told(someone)] == [3]


def test_when_every_week_is_told_nothing_is_asked(someone: Someone, nurse: Desk) -> None:
    monday = someone.house.clock.at.date()
    for back in range(5):
        week = {"week_starts_on": (monday - timedelta(weeks=back)).isoformat(), "active_days": "1"}
        nurse.sends(check_ins(someone), week)
    seen = nurse.opens(messages(someone))
    assert "This week and the four before it are told." in seen.words
    assert check_ins(someone) not in seen.forms()


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"active_days": "8"}, "active_days", "Must be 0 to 7."),
        ({"restful_nights": "some"}, "restful_nights", "whole number"),
        ({}, "active_days", "Tell at least one of"),
        ({"active_days": "1", "week_starts_on": "2026-03-03"}, "week_starts_on", "Must be a Monday."),
        ({"active_days": "1", "week_starts_on": "2026-01-26"}, "week_starts_on", "Must be this week or one of the 4"),
    ],
    ids=["more than a week has", "no number", "nothing told", "no Monday", "too long ago"],
)
def test_what_cant_be_kept_is_named_and_stays_typed(
    someone: Someone, nurse: Desk, typed: dict[str, str], field: str, says: str
) -> None:
    seen = nurse.sends(check_ins(someone), {"week_starts_on": THIS_WEEK} | typed, expect=422)
    assert says in seen.words
    assert f'href="#{field}"' in seen.html
    if "active_days" in typed:
        assert seen.value_of("active_days") == typed["active_days"]
    assert told(someone) == []


@pytest.mark.parametrize("role", ["prescriber", "medical_director"])
def test_doctors_read_weeks_and_arent_asked_to_enter_them(someone: Someone, nurse: Desk, role: str) -> None:
    doctor = Desk(someone.house, "maintenance", role=role)
    assert check_ins(someone) not in doctor.opens(messages(someone)).forms()
    doctor.sends(check_ins(someone), {"week_starts_on": THIS_WEEK, "active_days": "1"}, expect=403)


def test_another_sites_patient_is_nobody_here(someone: Someone, nurse: Desk) -> None:
    harbor = Desk(someone.house, "maintenance", role="nurse", sites=("harbor",))
    harbor.sends(check_ins(someone), {"week_starts_on": THIS_WEEK, "active_days": "1"}, expect=404)
    assert told(someone) == []
