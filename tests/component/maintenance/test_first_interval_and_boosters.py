"""From the last planned session to the booster: what maintenance counts, sets and publishes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.booster_due import BoosterReason
from shared.contracts.session_completed import Product, Route, SessionStatus
from tests.component.maintenance.conftest import Someone
from tests.support.house import House

_ANNOUNCED_AT = datetime(2026, 3, 30, 4, 0, tzinfo=UTC)  # midnight in New York, 14 days before 13 April


def test_the_first_interval_comes_with_its_explanation(someone: Someone) -> None:
    someone.responds()
    plan = someone.plan()
    assert {name: plan[name] for name in ("state", "baseline", "lowest", "current", "interval_days", "due_on")} == {
        "state": "active",
        "baseline": 18,
        "lowest": 4,
        "current": 4,
        "interval_days": 42,
        "due_on": "2026-04-13",
    }
    assert plan["explanation"] == "first interval: PHQ-9 4 of baseline 18, lowest 4, remission: 42 days"
    assert plan["policy_version"] == "ladder-2026.1"
    assert [(line["state"], line["interval_days"]) for line in plan["history"]] == [
        ("induction", None),
        ("review", None),
        ("active", 42),
    ]


def test_sessions_are_counted_until_the_last_planned_one(someone: Someone) -> None:
    for number in (1, 2):
        someone.completes(planned_sessions=3)
        plan = someone.plan()
        assert (plan["state"], plan["sessions_done"], plan["planned_sessions"]) == ("induction", number, 3)
    someone.completes(planned_sessions=3)
    assert someone.plan()["state"] == "review"


def test_the_booster_is_announced_once_14_days_ahead_when_time_passes_in_steps(someone: Someone, house: House) -> None:
    someone.responds()
    house.step_to(_ANNOUNCED_AT - timedelta(seconds=1))
    assert someone.published() == []
    house.step_to(_ANNOUNCED_AT)
    assert someone.said() == [(1, "due", 1)]
    for _ in range(4):
        house.step_to(house.clock.at + timedelta(days=7))
    assert someone.said() == [(1, "due", 1)]


def test_the_booster_is_announced_once_after_one_big_jump(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=90))
    house.advance(timedelta(days=90))
    (event,) = someone.published()
    assert (event.cycle, event.due_on, event.interval_days, event.lead_days) == (1, date(2026, 4, 13), 42, 14)
    assert (event.reason, event.revision) == (BoosterReason.INTERVAL_SET, 1)
    assert (event.patient_id, event.course_id, event.site_id) == (someone.patient_id, someone.course_id, "riverside")
    assert str(event.plan_id) == someone.plan()["plan_id"]


def test_the_day_is_the_sites_own(newcomer: Any, house: House) -> None:
    # 10 p.m. in New York is still the same day there, and already the next in UTC
    someone = newcomer()
    house.advance(timedelta(hours=12))
    someone.responds()
    assert someone.plan()["due_on"] == "2026-04-13"


def test_a_booster_fulfils_its_cycle_and_the_ladder_runs_once(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=42))
    someone.scores(4)
    someone.boosted(cycle=1)
    plan = someone.plan()
    assert (plan["cycle"], plan["interval_days"], plan["rule"]) == (2, 56, 6)
    assert plan["explanation"] == "rule 6: PHQ-9 4 of baseline 18, lowest 4: 42 → 56 days"
    assert someone.said() == [(1, "due", 1), (1, "fulfilled", 2)]
    house.advance(timedelta(days=56))
    assert someone.said()[2:] == [(2, "due", 1)]


@pytest.mark.parametrize(
    ("total", "interval", "rule"), [(4, 56, 6), (8, 42, 5), (9, 28, 4), (13, 28, 3)], ids=lambda value: str(value)
)
def test_a_boosters_score_sets_the_next_interval(
    someone: Someone, house: House, total: int, interval: int, rule: int
) -> None:
    someone.responds()
    house.advance(timedelta(days=41))
    someone.scores(total)
    house.advance(timedelta(days=1))
    someone.boosted(cycle=1)
    assert (someone.plan()["interval_days"], someone.plan()["rule"]) == (interval, rule)


def test_worsening_between_boosters_calls_earlier_and_asks_for_a_review(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=10))
    someone.scores(13)
    plan = someone.plan()
    assert (plan["state"], plan["interval_days"], plan["due_on"]) == ("review", 28, "2026-03-30")
    assert someone.said() == [], "due on 30 March is 18 days away"
    house.advance(timedelta(days=9))
    someone.scores(12)
    assert "relapse" in someone.plan()["explanation"]
    assert someone.said() == [(1, "due", 1)]
    kinds = [item["kind"] for item in someone.escalations()]
    assert kinds == ["worsening-review", "relapse"]
    for item in someone.escalations():
        someone.resolves(item["escalation_id"])
    assert someone.plan()["state"] == "active"


@pytest.mark.parametrize("way", ["in steps", "in one jump"])
def test_a_score_that_does_not_come_within_7_days_is_asked_for(someone: Someone, house: House, way: str) -> None:
    someone.scores(18, taken_at=(house.clock.at - timedelta(hours=3)).isoformat())
    someone.completes()
    house.step_to(house.clock.at + timedelta(days=7) - timedelta(seconds=1))
    assert someone.escalations() == []
    if way == "in steps":
        house.step_to(house.clock.at + timedelta(seconds=1))
    else:
        house.advance(timedelta(days=60))
    assert [item["kind"] for item in someone.escalations()] == ["prescriber-review"]
    house.advance(timedelta(days=30))
    assert len(someone.escalations()) == 1


def test_a_score_that_comes_in_time_is_not_asked_for(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=10))
    assert someone.escalations() == []


def test_no_response_goes_to_a_prescriber_at_once(someone: Someone) -> None:
    someone.scores(18, taken_at=(someone.house.clock.at - timedelta(hours=3)).isoformat())
    someone.completes()
    someone.scores(12)
    assert (someone.plan()["state"], someone.plan()["interval_days"]) == ("review", None)
    (review,) = someone.escalations()
    assert (review["kind"], review["due_at"]) == ("prescriber-review", "2026-03-09T15:00:00Z")


def test_the_same_fact_twice_changes_nothing(someone: Someone, house: House) -> None:
    event = someone.completes()
    before = someone.plan()
    someone.hears(event, event)
    assert someone.plan() == before
    house.advance(timedelta(days=1))
    assert someone.plan()["sessions_done"] == 1


def test_a_session_entered_in_error_takes_the_announcement_back(someone: Someone, house: House) -> None:
    someone.scores(18)
    event = someone.completes(administration_started_at=house.clock.at, administration_ended_at=house.clock.at)
    someone.scores(4)
    house.advance(timedelta(days=30))
    assert someone.said() == [(1, "due", 1)]
    someone.hears(_revised(event, status=SessionStatus.ENTERED_IN_ERROR))
    plan = someone.plan()
    assert (plan["state"], plan["interval_days"], plan["sessions_done"]) == ("induction", None, 0)
    assert someone.said() == [(1, "due", 1), (1, "withdrawn", 2)]
    assert [line["state"] for line in plan["history"]][-2:] == ["active", "induction"], "what was said stays readable"


def test_an_older_revision_that_comes_late_is_passed_over(someone: Someone) -> None:
    event = someone.session(planned_sessions=2)
    someone.hears(_revised(event, planned_sessions=1, revision=3), _revised(event, planned_sessions=5, revision=2))
    assert someone.plan()["planned_sessions"] == 1


def test_a_planning_change_makes_the_last_session_the_last_planned_one(someone: Someone, house: House) -> None:
    someone.scores(18, taken_at=(house.clock.at - timedelta(hours=3)).isoformat())
    event = someone.completes(planned_sessions=6)
    someone.scores(4)
    assert someone.plan()["state"] == "induction"
    someone.hears(_revised(event, planned_sessions=1))
    assert (someone.plan()["interval_days"], someone.plan()["due_on"]) == (42, "2026-04-13")
    someone.hears(_revised(event, planned_sessions=4, revision=3))
    assert (someone.plan()["state"], someone.plan()["due_on"]) == ("induction", None)


def test_a_corrected_end_moves_the_due_day_and_tells_the_desk(someone: Someone, house: House) -> None:
    someone.scores(18, taken_at=(house.clock.at - timedelta(hours=3)).isoformat())
    event = someone.completes()
    house.advance(timedelta(hours=1))
    someone.scores(4)
    house.advance(timedelta(days=30))
    # one in the morning of the next day in New York
    later = event.administration_ended_at + timedelta(hours=15)
    someone.hears(_revised(event, administration_ended_at=later))
    assert someone.plan()["due_on"] == "2026-04-14"
    assert [(e.due_on, e.revision) for e in someone.published()] == [(date(2026, 4, 13), 1), (date(2026, 4, 14), 2)]


def test_a_booster_entered_in_error_reopens_its_cycle(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=30))
    event = someone.boosted(cycle=1)
    assert someone.plan()["cycle"] == 2
    someone.hears(_revised(event, status=SessionStatus.ENTERED_IN_ERROR))
    assert (someone.plan()["cycle"], someone.plan()["due_on"]) == (1, "2026-04-13")
    assert someone.said() == [(1, "due", 1), (1, "fulfilled", 2), (1, "due", 3)]


def test_esketamine_follows_its_own_label(someone: Someone, house: House) -> None:
    someone.scores(18, taken_at=(house.clock.at - timedelta(hours=3)).isoformat())
    someone.completes(product=Product.ESKETAMINE_NASAL, route=Route.NASAL)
    someone.scores(4)
    plan = someone.plan()
    assert (plan["state"], plan["interval_days"], plan["due_on"]) == ("review", None, None)
    assert "own label schedule" in plan["explanation"]
    refused = someone.overrides(35, until=date(2026, 6, 1), expect=409)
    assert refused["type"] == "urn:afterglow:problem:own-label-schedule"
    house.advance(timedelta(days=90))
    assert someone.said() == []


def test_without_an_indication_a_prescriber_decides_until_it_is_recorded(someone: Someone, house: House) -> None:
    someone.scores(18, taken_at=(house.clock.at - timedelta(hours=3)).isoformat())
    event = someone.completes(indication_recorded=False)
    someone.scores(4)
    assert (someone.plan()["state"], someone.plan()["interval_days"]) == ("review", None)
    someone.hears(_revised(event, indication_recorded=True))
    assert someone.plan()["interval_days"] == 42


def test_a_new_course_starts_anew_and_the_old_one_calls_nobody(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=30))
    old = someone.published()[0].plan_id
    someone.inductions = 0
    someone.completes(course_id=uuid4(), planned_sessions=2)
    plan = someone.plan()
    assert (plan["state"], plan["sessions_done"], plan["due_on"]) == ("induction", 1, None)
    assert [(e.plan_id, e.state.value) for e in someone.published()] == [(old, "due"), (old, "withdrawn")]
    assert plan["plan_id"] != str(old)


def test_a_stale_score_keeps_the_interval(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=14))
    someone.scores(4)
    house.advance(timedelta(days=14))
    assert someone.plan()["current"] == 4, "exactly 14 x 24 h"
    house.advance(timedelta(seconds=1))
    assert someone.plan()["current"] is None
    someone.boosted(cycle=1)
    plan = someone.plan()
    assert (plan["interval_days"], plan["rule"]) == (42, 2)
    assert "stale" in plan["explanation"]


def _revised(event: Any, *, revision: int = 2, **changes: Any) -> Any:
    return replace(event, revision=revision, **changes)
