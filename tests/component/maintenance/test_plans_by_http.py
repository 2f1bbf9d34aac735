"""Plans over HTTP: who reads them, what a portal sees, what prescribers set in place of the ladder."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.maintenance.store.tables import OverrideRow
from shared.contracts.booster_due import BoosterReason
from tests.component.maintenance.conftest import Someone
from tests.support.house import House

_JUNE = date(2026, 6, 1)


def test_an_unknown_plan_is_not_found(someone: Someone) -> None:
    someone.staff().get(f"/plans/{someone.patient_id}", expect=404)
    someone.staff().get("/plans/somebody", expect=404)
    someone.portal().get(f"/plans/{someone.patient_id}", expect=404)


@pytest.mark.parametrize("role", ["therapist", "prescriber", "medical_director"])
def test_who_reads_plans(someone: Someone, role: str) -> None:
    someone.responds()
    someone.staff(role).get(f"/plans/{someone.patient_id}")


@pytest.mark.parametrize("role", ["front_desk", "nurse", "operations", "privacy_officer"])
def test_who_does_not(someone: Someone, role: str) -> None:
    someone.responds()
    someone.staff(role).get(f"/plans/{someone.patient_id}", expect=403)


@pytest.mark.parametrize("role", ["front_desk", "therapist", "operations", "privacy_officer"])
def test_scores_are_for_the_care_team(someone: Someone, role: str) -> None:
    someone.responds()
    someone.staff(role).get(f"/assessments?patient_id={someone.patient_id}", expect=403)


def test_another_sites_plan_is_not_found(someone: Someone) -> None:
    someone.responds()
    foreign = someone.staff("prescriber", "lakeview")
    foreign.get(f"/plans/{someone.patient_id}", expect=404)
    body = {"interval_days": 35, "reason": "r", "expires_on": "2026-06-01"}
    foreign.post(f"/plans/{someone.patient_id}/overrides", body, expect=404)


def test_a_patient_reads_their_own_plan_and_no_reasons(someone: Someone) -> None:
    someone.responds()
    someone.overrides(35, until=_JUNE)
    plan = someone.portal().get(f"/plans/{someone.patient_id}").get_json()
    assert (plan["state"], plan["interval_days"], plan["due_on"]) == ("active", 35, "2026-04-06")
    assert "overrides" not in plan
    assert "we talked it over" not in str(plan)


def test_a_patient_reads_nobody_elses_plan(someone: Someone, newcomer: Any) -> None:
    other = newcomer()
    other.responds()
    someone.portal("riverside").get(f"/plans/{other.patient_id}", expect=404)


def test_an_unchanged_plan_is_not_sent_again(someone: Someone) -> None:
    someone.responds()
    path = f"/plans/{someone.patient_id}"
    first = someone.portal().get(path)
    same = someone.portal().get(path, expect=304, headers={"If-None-Match": first.headers["ETag"]})
    assert same.data == b""
    someone.scores(13)
    someone.portal().get(path, expect=200, headers={"If-None-Match": first.headers["ETag"]})


def test_the_same_override_twice_at_one_instant_is_two_versions(someone: Someone) -> None:
    someone.responds()
    body = {"interval_days": 35, "reason": "we talked it over", "expires_on": str(_JUNE)}
    path = f"/plans/{someone.patient_id}"
    tags, contents = [], []
    for _ in range(2):
        tags.append(someone.staff().post(f"{path}/overrides", body, expect=200).headers["ETag"])
        contents.append(someone.staff().get(path).headers["ETag"])
    assert len(set(tags)) == len(set(contents)) == 2


def test_reading_a_plan_is_audited_each_time(someone: Someone) -> None:
    someone.responds()
    for _ in range(2):
        someone.plan()
    assert [entry["action"] for entry in someone.audit()].count("plan-read") == 2


def test_an_override_applies_at_once_and_until_its_last_day(someone: Someone, house: House) -> None:
    someone.responds()
    answer = someone.overrides(60, until=date(2026, 4, 20))
    assert (answer["interval_days"], answer["due_on"]) == (60, "2026-05-01")
    assert "override: 60 days" in answer["explanation"]
    (kept,) = answer["overrides"]
    assert (kept["override_id"], kept["state"], kept["reason"]) == (
        answer["override_id"],
        "in-force",
        "we talked it over",
    )
    house.step_to(house.clock.at + timedelta(days=48))
    assert someone.plan()["interval_days"] == 60
    house.step_to(house.clock.at + timedelta(days=3))
    plan = someone.plan()
    assert (plan["interval_days"], plan["due_on"]) == (42, "2026-04-13")
    assert plan["overrides"][0]["state"] == "expired"


def test_an_override_is_told_to_the_desk_as_such(someone: Someone, house: House) -> None:
    someone.responds()
    house.advance(timedelta(days=30))
    someone.overrides(35, until=_JUNE)
    house.run_workers()
    assert [(e.due_on, e.reason, e.revision) for e in someone.published()] == [
        (date(2026, 4, 13), BoosterReason.INTERVAL_SET, 1),
        (date(2026, 4, 6), BoosterReason.OVERRIDDEN, 2),
    ]


def test_below_28_days_nothing_applies_until_another_prescriber_confirms(someone: Someone, house: House) -> None:
    someone.responds()
    ordered = someone.overrides(21, until=_JUNE, subject="dr-reyes")
    assert (ordered["interval_days"], ordered["overrides"][0]["state"]) == (42, "awaiting-confirmation")
    house.advance(timedelta(days=8))
    assert someone.published() == []
    path = f"/plans/{someone.patient_id}/overrides/{ordered['override_id']}/confirmations"
    refused = someone.staff(subject="dr-reyes").post(path, expect=409).get_json()
    assert refused["type"] == "urn:afterglow:problem:second-prescriber-needed"
    assert someone.plan()["interval_days"] == 42
    confirmed = someone.staff("medical_director", subject="dr-osei").post(path, expect=200).get_json()
    assert (confirmed["interval_days"], confirmed["due_on"]) == (21, "2026-03-23")
    assert confirmed["overrides"][0]["confirmed_by"] == "dr-osei"
    house.run_workers()
    assert someone.said() == [(1, "due", 1)]
    someone.staff(subject="dr-lind").post(path, expect=409)


@pytest.mark.parametrize(("days", "applies"), [(27, False), (28, True), (29, True)])
def test_28_days_need_no_second_prescriber(someone: Someone, days: int, applies: bool) -> None:
    someone.responds()
    assert (someone.overrides(days, until=_JUNE)["interval_days"] == days) is applies


def test_what_needs_no_confirmation_takes_none(someone: Someone) -> None:
    someone.responds()
    ordered = someone.overrides(35, until=_JUNE, subject="dr-reyes")
    path = f"/plans/{someone.patient_id}/overrides/{ordered['override_id']}/confirmations"
    answer = someone.staff(subject="dr-osei").post(path, expect=409).get_json()
    assert answer["type"] == "urn:afterglow:problem:wrong-state"


def test_an_expired_override_is_not_confirmed(someone: Someone, house: House) -> None:
    someone.responds()
    ordered = someone.overrides(21, until=date(2026, 3, 5), subject="dr-reyes")
    house.advance(timedelta(days=4))
    path = f"/plans/{someone.patient_id}/overrides/{ordered['override_id']}/confirmations"
    someone.staff(subject="dr-osei").post(path, expect=409)


def test_an_override_of_another_patient_is_not_found(someone: Someone, newcomer: Any, a_stranger: Any) -> None:
    someone.responds()
    other = newcomer()
    other.responds()
    ordered = someone.overrides(21, until=_JUNE, subject="dr-reyes")
    asker = someone.staff(subject="dr-osei")
    asker.post(f"/plans/{other.patient_id}/overrides/{ordered['override_id']}/confirmations", expect=404)
    asker.post(f"/plans/{someone.patient_id}/overrides/{a_stranger}/confirmations", expect=404)


def test_before_the_last_planned_session_there_is_nothing_to_override(someone: Someone) -> None:
    someone.completes(planned_sessions=2)
    refused = someone.overrides(35, until=_JUNE, expect=409)
    assert refused["type"] == "urn:afterglow:problem:wrong-state"


def test_an_override_never_ends_a_hold(someone: Someone) -> None:
    someone.responds()
    someone.scores(6, item_9=2)
    assert someone.overrides(35, until=_JUNE)["state"] == "hold"


def test_an_override_gives_a_patient_in_review_an_interval(someone: Someone, house: House) -> None:
    someone.completes()
    assert someone.plan()["state"] == "review"
    answer = someone.overrides(35, until=_JUNE)
    assert (answer["state"], answer["interval_days"], answer["due_on"]) == ("active", 35, "2026-04-06")
    house.advance(timedelta(days=22))
    assert someone.said() == [(1, "due", 1)]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"interval_days": 0}, "/interval_days"),
        ({"interval_days": 181}, "/interval_days"),
        ({"interval_days": 10**30}, "/interval_days"),
        ({"interval_days": "35"}, "/interval_days"),
        ({"reason": " "}, "/reason"),
        ({"reason": "x" * 2001}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"expires_on": "2026-03-01"}, "/expires_on"),
        ({"expires_on": "2027-03-04"}, "/expires_on"),
        ({"expires_on": "9999-12-31"}, "/expires_on"),
        ({"expires_on": "soon"}, "/expires_on"),
        ({"expires": "2026-04-01"}, "/expires"),
    ],
)
def test_an_override_that_cannot_be_is_refused_and_changes_nothing(
    someone: Someone, changes: dict[str, Any], pointer: str
) -> None:
    someone.responds()
    body = {"interval_days": 35, "reason": "we talked", "expires_on": "2026-06-01"} | changes
    answer = someone.staff().post(f"/plans/{someone.patient_id}/overrides", body, expect=422).get_json()
    assert pointer in [error["pointer"] for error in answer["errors"]]
    assert (someone.plan()["interval_days"], someone.plan()["overrides"]) == (42, [])


@pytest.mark.parametrize("role", ["front_desk", "nurse", "therapist", "operations", "privacy_officer"])
def test_only_prescribers_override(someone: Someone, role: str) -> None:
    someone.responds()
    body = {"interval_days": 35, "reason": "r", "expires_on": "2026-06-01"}
    someone.staff(role).post(f"/plans/{someone.patient_id}/overrides", body, expect=403)


def test_reasons_and_notes_lie_sealed(someone: Someone, house: House) -> None:
    someone.responds()
    someone.overrides(35, until=_JUNE)
    with house.service("maintenance").deps.engine.connect() as store:
        stored = store.execute(select(OverrideRow.__table__)).one()
    assert b"we talked it over" not in stored.reason_sealed
    assert [column for column in stored if isinstance(column, str) and "talked" in column] == []
