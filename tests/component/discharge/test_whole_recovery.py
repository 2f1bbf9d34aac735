"""A recovery from the chair to the day after, by HTTP and over the bus."""

from datetime import timedelta
from typing import Any

from shared.contracts.discharge_cleared import Disposition
from tests.support.house import House


def test_a_patient_is_watched_released_restricted_and_drives_again_after_a_night(stay: Any, house: House) -> None:
    opened = stay.recovery()
    assert opened["state"] == "recovering"
    assert opened["next_observation_due_at"] == opened["administration_ended_at"]

    stay.meets_every_criterion()
    assert stay.decision()["criteria_met"] is True
    released = stay.staff().post(f"{stay.path}/release", expect=200).get_json()
    assert (released["state"], released["left_by"]) == ("released", "nurse-riverside")
    assert released["next_observation_due_at"] is None

    [cleared] = stay.published()
    assert cleared.disposition is Disposition.CLEARED
    assert (cleared.left_at, cleared.monitored_minutes, cleared.revision) == (stay.at(120), 120, 1)

    restriction = stay.restriction()
    assert restriction["state"] == "in-force"
    # 10:00 in New York, left at noon: the night starts at 22:00, and 07:00 follows
    assert restriction["earliest_end_at"] == "2026-03-03T12:00:00Z"
    assert cleared.restriction_earliest_end_at.isoformat() == "2026-03-03T12:00:00+00:00"
    assert restriction["ends_at"] is None

    house.advance(timedelta(hours=19))
    assert stay.restriction()["state"] == "unconfirmed"
    ended = stay.sleeps()
    assert (ended["state"], ended["ends_at"]) == ("ended", "2026-03-03T12:00:00Z")


def test_one_minute_before_two_hours_the_criteria_are_not_met(stay: Any) -> None:
    stay.is_observed_until(0, 20, 40, 60, 90, 119)
    stay.is_ready_to_go()
    decision = stay.decision()
    assert decision["criteria_met"] is False
    [reason] = decision["reasons"]
    assert (reason["code"], reason["remaining_seconds"]) == ("monitoring-time", 60)
    assert reason["message"] == "1 min observation left."
    stay.move_to(120)
    assert stay.decision()["criteria_met"] is True


def test_an_untouched_recovery_lists_every_unmet_criterion_worst_first(stay: Any) -> None:
    stay.move_to(5)
    assert stay.unmet() == [
        "pressure-not-settled",
        "suicide-risk-check",
        "observation-missing",
        "monitoring-time",
        "transport-not-present",
        "instructions",
    ]


def test_a_refused_release_answers_with_the_decisions_reasons_and_changes_nothing(stay: Any) -> None:
    stay.move_to(100)
    stay.observe(spo2_percent=91)
    decision = stay.decision()
    before = stay.recovery()
    refused = stay.staff().post(f"{stay.path}/release", expect=409).get_json()
    assert refused["type"] == "urn:afterglow:problem:release-refused"
    assert refused["reasons"] == decision["reasons"]
    assert stay.recovery() == before
    assert stay.published() == []


def test_criteria_must_be_met_at_leaving_and_now(stay: Any) -> None:
    stay.meets_every_criterion()
    at_119 = {"left_at": stay.at(119).isoformat()}
    refused = stay.staff().post(f"{stay.path}/release", at_119, expect=409).get_json()
    # the values charted at 120 were not known at 119, and two hours had not passed
    assert [reason["code"] for reason in refused["reasons"]] == ["suicide-risk-check", "monitoring-time"]
    stay.move_to(151)
    stale = stay.staff().post(f"{stay.path}/release", {"left_at": stay.at(121).isoformat()}, expect=409).get_json()
    assert [reason["code"] for reason in stale["reasons"]] == ["observation-missing"]


def test_leaving_against_advice_needs_no_criterion_and_pages_a_clinician(stay: Any) -> None:
    stay.move_to(30)
    answer = stay.staff().post(f"{stay.path}/left-against-advice", {"reason": "wanted to go"}, expect=200).get_json()
    assert answer["state"] == "left-against-advice"
    [cleared] = stay.published()
    assert (cleared.disposition, cleared.monitored_minutes) == (Disposition.LEFT_AGAINST_ADVICE, 30)
    assert stay.tasks() == ["left-against-advice"]
    assert stay.restriction()["state"] == "in-force"
