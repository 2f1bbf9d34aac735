"""What session-completed does to a recovery: opened once, corrected by the highest revision, closed when in error."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.discharge.settings import FULL_DAY_SITES, Settings
from services.discharge.wiring import wire
from shared.contracts.session_completed import Product, Route, SessionStatus, TransportKind
from shared.kernel.errors import Conflict
from shared.launch.settings import BadSettings
from tests.support.house import House


def test_the_recovery_has_the_sessions_facts(unopened: Any) -> None:
    unopened.begins(
        transport_kind=TransportKind.CONTRACTED_RIDE,
        baseline_systolic_mmhg=131,
        baseline_diastolic_mmhg=83,
        baseline_heart_rate_bpm=64,
        baseline_spo2_percent=97,
        chair_name="Chair 3",
        overnight_time_zone="America/Chicago",
    )
    recovery = unopened.recovery()
    assert recovery["session_id"] == str(unopened.session_id)
    assert recovery["patient_id"] == str(unopened.patient_id)
    assert recovery["course_id"] == str(unopened.course_id)
    assert (recovery["site_id"], recovery["chair_name"]) == ("riverside", "Chair 3")
    assert (recovery["kind"], recovery["product"]) == ("induction", "ketamine-iv")
    assert recovery["administration_started_at"] == "2026-03-02T14:20:00Z"
    assert recovery["administration_ended_at"] == "2026-03-02T15:00:00Z"
    assert recovery["baseline"] == {
        "systolic_mmhg": 131,
        "diastolic_mmhg": 83,
        "heart_rate_bpm": 64,
        "spo2_percent": 97,
    }
    assert recovery["transport"] == {
        "kind": "contracted-ride",
        "name": None,
        "phone": None,
        "present": False,
        "identified_by": None,
    }
    assert recovery["time_zone"] == "America/Chicago"
    assert recovery["instructions"] == {"patient_acknowledged": False, "escort_acknowledged": False}
    assert recovery["suicide_risk_check"] == {"outcome": None, "performed_at": None}


def test_esketamine_is_watched_from_the_first_device(unopened: Any) -> None:
    unopened.begins(product=Product.ESKETAMINE_NASAL, route=Route.NASAL)
    recovery = unopened.recovery()
    assert recovery["monitoring_started_at"] == recovery["administration_started_at"]
    assert recovery["monitored_minutes"] == 40


def test_a_zone_that_nobody_knows_becomes_the_sites(unopened: Any) -> None:
    unopened.begins(overnight_time_zone="Mars/Olympus")
    assert unopened.recovery()["time_zone"] == "America/New_York"


def test_the_same_revision_twice_changes_nothing(stay: Any) -> None:
    before = stay.recovery()
    stay.move_to(1)
    stay.is_told(stay.completed(chair_name="Chair 9"))
    assert stay.recovery() == before | {"minutes_since_dose": 1, "monitored_minutes": 1}


def test_an_older_revision_that_comes_late_changes_nothing(unopened: Any) -> None:
    ended = unopened.at(0)
    unopened.is_told(unopened.completed(revision=2, administration_ended_at=ended - timedelta(minutes=5)))
    unopened.is_told(unopened.completed(revision=1))
    recovery = unopened.recovery()
    assert recovery["administration_ended_at"] == "2026-03-02T14:55:00Z"
    assert recovery["session_revision"] == 2


def test_a_correction_moves_the_times_and_decides_again(stay: Any) -> None:
    stay.is_observed_until(0, 20, 40, 60, 90, 118)
    stay.is_ready_to_go()
    assert stay.unmet() == ["monitoring-time"]
    etag = stay.staff().get(stay.path).headers["ETag"]
    stay.begins(revision=2, administration_ended_at=stay.at(-10))
    assert stay.unmet() == []
    assert stay.recovery()["monitored_minutes"] == 128
    assert stay.staff().get(stay.path).headers["ETag"] != etag


def test_a_correction_leaves_discharges_own_transport_alone(stay: Any) -> None:
    stay.staff().put(f"{stay.path}/transport", stay.escort())
    stay.begins(revision=2, transport_kind=TransportKind.CONTRACTED_RIDE)
    assert stay.recovery()["transport"]["kind"] == "escort"
    assert stay.recovery()["transport"]["present"] is True


def test_a_correction_moves_the_restriction_later_and_never_earlier(stay: Any, house: House) -> None:
    stay.is_released()
    first = stay.restriction()["earliest_end_at"]
    # dosed and left at noon; a west-coast bed ends it three hours later
    stay.begins(revision=2, overnight_time_zone="America/Los_Angeles")
    later = stay.restriction()
    assert (first, later["earliest_end_at"]) == ("2026-03-03T12:00:00Z", "2026-03-03T15:00:00Z")
    stay.begins(revision=3, overnight_time_zone="America/New_York")
    kept = stay.restriction()
    assert kept["earliest_end_at"] == "2026-03-03T15:00:00Z"
    assert "never moves earlier" in kept["explanation"]


def test_a_restriction_that_moves_later_is_in_force_again_and_reminds_again(stay: Any, house: House) -> None:
    stay.is_released()
    house.step_to(stay.at(60 * 21 + 1))
    assert stay.sleeps()["state"] == "ended"
    stay.begins(revision=2, overnight_time_zone="America/Los_Angeles")
    assert stay.restriction()["state"] == "in-force"
    assert stay.restriction()["ends_at"] is None
    house.step_to(stay.at(60 * 24 + 1))
    assert stay.restriction()["state"] == "unconfirmed"
    house.step_to(stay.at(60 * 31))
    assert stay.tasks() == ["sleep-unconfirmed"]


def test_a_corrected_session_that_has_left_is_announced_again(stay: Any) -> None:
    stay.is_released()
    stay.begins(revision=2, administration_ended_at=stay.at(-5))
    first, second = stay.published()
    assert (first.revision, second.revision) == (1, 2)
    assert (first.monitored_minutes, second.monitored_minutes) == (120, 125)
    assert second.administration_ended_at == stay.at(-5)
    assert stay.tasks() == []
    stay.is_told(stay.completed(revision=2))
    assert len(stay.published()) == 2


def test_a_release_that_the_corrected_times_would_have_refused_raises_a_task(stay: Any) -> None:
    stay.is_released()
    stay.begins(revision=2, administration_ended_at=stay.at(10))
    assert stay.tasks() == ["release-in-question"]
    assert stay.recovery()["state"] == "released"
    assert stay.published()[-1].monitored_minutes == 110


def test_a_correction_past_leaving_gives_no_negative_duration(stay: Any) -> None:
    stay.move_to(5)
    stay.staff().post(f"{stay.path}/left-against-advice", expect=200)
    stay.begins(revision=2, administration_ended_at=stay.at(10))
    assert stay.published()[-1].monitored_minutes == 0
    assert stay.recovery()["monitored_minutes"] == 0
    assert stay.tasks() == ["left-against-advice"]


def test_entered_in_error_closes_the_recovery(stay: Any) -> None:
    stay.observe()
    stay.begins(revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    closed = stay.recovery()
    assert closed["state"] == "entered-in-error"
    assert closed["next_observation_due_at"] is None
    refused = stay.observe(expect=409)
    assert refused["type"] == "urn:afterglow:problem:wrong-state"
    for act in ("release", "left-against-advice", "acknowledgements"):
        role = "prescriber" if act == "acknowledgements" else "nurse"
        stay.staff(role).post(f"{stay.path}/{act}", expect=409)
    stay.portal().get(f"{stay.path}/driving-restriction", expect=409)
    assert stay.published() == []


def test_a_recovery_first_heard_of_as_entered_in_error_stays_closed(unopened: Any) -> None:
    unopened.is_told(unopened.completed(revision=2, status=SessionStatus.ENTERED_IN_ERROR))
    unopened.is_told(unopened.completed(revision=1))
    assert unopened.recovery()["state"] == "entered-in-error"


def test_an_error_taken_back_opens_the_recovery_as_it_stood(stay: Any) -> None:
    stay.is_released()
    stay.begins(revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    stay.begins(revision=3)
    assert stay.recovery()["state"] == "released"
    assert stay.restriction()["state"] == "in-force"
    assert told(stay) == [(1, "final"), (2, "entered-in-error"), (3, "final")]


def test_a_leaving_that_was_announced_is_taken_back_with_the_session(stay: Any) -> None:
    stay.is_released()
    [before] = stay.published()
    stay.begins(revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    after = stay.published()[-1]
    assert after == replace(before, revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    assert stay.tasks() == [], "nobody is asked about the release of a session that never was"


@pytest.mark.parametrize("late", [1, 2], ids=["an older revision", "the same revision"])
def test_an_error_that_comes_twice_or_before_an_older_fact_is_announced_once(stay: Any, late: int) -> None:
    stay.is_released()
    stay.begins(revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    stay.is_told(stay.completed(revision=late, status=SessionStatus.FINAL))
    assert told(stay) == [(1, "final"), (2, "entered-in-error")]
    assert stay.recovery()["state"] == "entered-in-error"


def told(stay: Any) -> list[tuple[int, str]]:
    return [(event.revision, event.status.value) for event in stay.published()]


def test_a_closed_recovery_reminds_nobody(stay: Any, house: House) -> None:
    stay.is_released()
    stay.begins(revision=2, status=SessionStatus.ENTERED_IN_ERROR)
    house.step_to(stay.at(60 * 48))
    assert stay.tasks() == []


@pytest.mark.parametrize("product", [p for p in Product if p is not Product.ESKETAMINE_NASAL])
def test_every_other_product_is_watched_from_its_end(unopened: Any, product: Product) -> None:
    unopened.begins(product=product)
    assert unopened.recovery()["monitored_minutes"] == 0


def test_a_revision_that_names_another_patient_is_refused_and_waits_for_somebody(stay: Any) -> None:
    stay.observe()
    with pytest.raises(Conflict):
        stay.is_told(stay.completed(revision=2, patient_id=uuid4()))
    assert stay.recovery()["patient_id"] == str(stay.patient_id)


def test_a_site_with_a_full_day_policy_restricts_for_twenty_four_elapsed_hours(house: House) -> None:
    platform = house.platform
    environ = {"AFTERGLOW_DEMO": str(house.folder), FULL_DAY_SITES: "riverside, harbor"}
    book = wire(Settings.from_env("discharge", environ), platform).book
    assert book.driving("riverside").at_least == timedelta(hours=24)
    assert book.driving("riverside").version != book.driving("lakeview").version
    assert book.driving("lakeview").at_least is None
    with pytest.raises(BadSettings, match="nowhere"):
        Settings.from_env("discharge", environ | {FULL_DAY_SITES: "nowhere"})
