"""Who may leave: every criterion at, below and above its limit, and unknown never counted as normal."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.discharge.domain.observation import Padss
from services.discharge.domain.policies.release import decide_release, decide_release_at
from services.discharge.domain.policies.release_criteria import ORDER
from services.discharge.domain.policies.release_rules import ReleaseRules
from services.discharge.domain.recovery import Instructions, Recovery, Transport
from services.discharge.domain.states import Product, TransportKind
from tests.unit.discharge.builders import (
    ENDED,
    a_check,
    a_recovery,
    aldrete,
    an_emergency,
    an_observation,
    minute,
)

RULES = ReleaseRules()


def unmet(recovery: Recovery, at: float = 120) -> list[str]:
    return [reason.code for reason in decide_release(recovery, RULES, now=minute(at)).reasons]


def last_seen(**changes: Any) -> Recovery:
    """Well at 100 minutes, and as `changes` say at 118."""
    return a_recovery(an_observation(100), an_observation(118, **changes))


def test_patient_with_everything_met_may_leave_at_exactly_two_hours() -> None:
    assert unmet(a_recovery()) == []


@pytest.mark.parametrize(
    ("seconds", "remaining"),
    [
        pytest.param(120 * 60 - 60, timedelta(minutes=1), id="one minute early"),
        pytest.param(120 * 60 - 1, timedelta(seconds=1), id="one second early"),
        pytest.param(120 * 60, None, id="exactly two hours"),
        pytest.param(120 * 60 + 1, None, id="one second later"),
    ],
)
def test_patient_is_not_released_one_minute_early(seconds: int, remaining: timedelta | None) -> None:
    decision = decide_release(a_recovery(), RULES, now=ENDED + timedelta(seconds=seconds))
    assert [reason.remaining for reason in decision.reasons] == ([] if remaining is None else [remaining])
    assert decision.met is (remaining is None)


def test_the_time_left_is_told_in_minutes() -> None:
    recovery = a_recovery(an_observation(80), an_observation(96))
    [reason] = decide_release(recovery, RULES, now=minute(96)).reasons
    assert reason.message == "24 min observation left."


@pytest.mark.parametrize(
    ("at", "codes"),
    [pytest.param(79, ["monitoring-time"], id="79 min after its end"), pytest.param(80, [], id="80 min after its end")],
)
def test_esketamine_is_monitored_from_the_first_device(at: float, codes: list[str]) -> None:
    # the administration took 40 minutes
    recovery = a_recovery(an_observation(60), an_observation(78), product=Product.ESKETAMINE_NASAL)
    assert unmet(recovery, at) == codes


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        pytest.param({"spo2_percent": 94}, [], id="SpO2 94"),
        pytest.param({"spo2_percent": 93}, ["oxygen-low"], id="SpO2 93"),
        pytest.param({"spo2_percent": 92}, ["oxygen-low"], id="SpO2 92"),
        pytest.param({"spo2_percent": 91}, ["oxygen-low"], id="SpO2 91 holds"),
        pytest.param({"moaas": 5}, [], id="MOAA/S 5"),
        pytest.param({"moaas": 4}, ["sedation"], id="MOAA/S 4"),
        pytest.param({"moaas": 0}, ["sedation"], id="MOAA/S 0"),
        pytest.param({"dissociation_resolved": False}, ["dissociation"], id="not resolved"),
        pytest.param({"cadss": 4}, [], id="CADSS 4"),
        pytest.param({"cadss": 5}, ["dissociation"], id="CADSS 5"),
        pytest.param({"cadss_6": 1}, [], id="CADSS-6 1"),
        pytest.param({"cadss_6": 2}, ["dissociation"], id="CADSS-6 2"),
        pytest.param({"dissociation_resolved": False, "cadss": 0}, ["dissociation"], id="the clinician's word wins"),
        pytest.param({"oriented": False}, ["orientation"], id="not oriented"),
        pytest.param({"steady_gait": False}, ["gait"], id="unsteady"),
        pytest.param({"nausea_0_10": 3}, [], id="nausea 3"),
        pytest.param({"nausea_0_10": 4}, ["nausea"], id="nausea 4"),
        pytest.param({"vomiting": True}, ["vomiting"], id="vomiting"),
        pytest.param({"fluids_tolerated": False}, ["fluids"], id="no fluids"),
        pytest.param({"aldrete": aldrete(9)}, [], id="Aldrete 9"),
        pytest.param({"aldrete": aldrete(8)}, ["aldrete"], id="Aldrete 8"),
        pytest.param({"padss": Padss(2, 2, 2, 2, 1)}, [], id="PADSS 9"),
        pytest.param({"padss": Padss(2, 2, 2, 1, 1)}, ["padss"], id="PADSS 8"),
        pytest.param({"padss": Padss(2, 2, 2, 2, 0)}, ["padss"], id="PADSS with a zero"),
        pytest.param({"systolic_mmhg": 140}, [], id="systolic 140"),
        pytest.param({"systolic_mmhg": 145}, ["pressure-not-settled"], id="systolic 145"),
        pytest.param({"systolic_mmhg": 160}, ["pressure-not-settled"], id="systolic 160"),
        pytest.param({"systolic_mmhg": 161}, ["pressure-hold", "pressure-not-settled"], id="systolic 161"),
        pytest.param({"diastolic_mmhg": 90}, [], id="diastolic 90"),
        pytest.param({"diastolic_mmhg": 91}, ["pressure-not-settled"], id="diastolic 91"),
        pytest.param({"diastolic_mmhg": 100}, ["pressure-not-settled"], id="diastolic 100"),
        pytest.param({"diastolic_mmhg": 101}, ["pressure-hold", "pressure-not-settled"], id="diastolic 101"),
    ],
)
def test_each_value_counts_at_its_limit(changes: dict[str, Any], codes: list[str]) -> None:
    assert unmet(last_seen(**changes)) == codes


def test_padss_with_a_zero_is_refused_even_where_nine_would_be_reached_without_it() -> None:
    lenient = replace(RULES, padss_at_least=8)
    recovery = last_seen(padss=Padss(2, 2, 2, 2, 0))
    assert [r.code for r in decide_release(recovery, lenient, now=minute(120)).reasons] == ["padss"]


@pytest.mark.parametrize(
    ("spo2", "codes"), [pytest.param(93, [], id="the baseline"), pytest.param(92, ["oxygen-low"], id="below it")]
)
def test_oxygen_back_at_its_baseline_is_enough(spo2: int, codes: list[str]) -> None:
    recovery = last_seen(spo2_percent=spo2)
    low = replace(recovery, baseline=replace(recovery.baseline, spo2_percent=93))
    assert unmet(low) == codes


def test_a_low_baseline_lifts_no_hold() -> None:
    recovery = last_seen(spo2_percent=91)
    low = replace(recovery, baseline=replace(recovery.baseline, spo2_percent=90))
    assert unmet(low) == ["oxygen-low"]


@pytest.mark.parametrize(
    "charted",
    [
        *("spo2_percent", "moaas", "dissociation_resolved", "oriented", "steady_gait", "vomiting", "nausea_0_10"),
        *("fluids_tolerated", "aldrete", "padss"),
    ],
)
def test_what_was_never_charted_is_unmet(charted: str) -> None:
    recovery = a_recovery(an_observation(100, **{charted: None}), an_observation(118, **{charted: None}))
    assert unmet(recovery) == ["observation-missing"]


def test_a_pressure_never_charted_is_missing_and_unsettled() -> None:
    recovery = a_recovery(an_observation(100, pressure=None), an_observation(118, pressure=None))
    assert unmet(recovery) == ["pressure-not-settled", "observation-missing"]


def test_nothing_charted_at_all_meets_nothing() -> None:
    recovery = a_recovery(
        observations=(), suicide_risk_checks=(), transport=Transport(None), instructions=Instructions()
    )
    assert unmet(recovery, 0) == [
        *("pressure-not-settled", "suicide-risk-check", "observation-missing", "monitoring-time"),
        *("transport-missing", "instructions"),
    ]


@pytest.mark.parametrize(
    ("seconds", "codes"),
    [
        pytest.param(30 * 60, [], id="30 min old"),
        pytest.param(30 * 60 + 1, ["observation-missing"], id="a second older"),
    ],
)
def test_a_value_is_fresh_for_thirty_minutes(seconds: int, codes: list[str]) -> None:
    now: datetime = minute(118) + timedelta(seconds=seconds)
    decision = decide_release(a_recovery(), RULES, now=now)
    assert [reason.code for reason in decision.reasons] == codes


def test_each_criterion_uses_its_own_latest_value() -> None:
    recovery = a_recovery(
        an_observation(95, moaas=4), an_observation(105, moaas=5), an_observation(118, moaas=None, oriented=None)
    )
    assert unmet(recovery) == []


def test_a_cadss_once_used_must_be_charted_again_before_leaving() -> None:
    used = a_recovery(an_observation(60, cadss=20), an_observation(100), an_observation(118))
    assert unmet(used) == ["observation-missing"]
    again = a_recovery(an_observation(60, cadss=20), an_observation(100), an_observation(118, cadss=3))
    assert unmet(again) == []


@pytest.mark.parametrize(
    ("vomited", "codes"),
    [
        pytest.param(91, ["vomiting"], id="29 min ago"),
        pytest.param(90, [], id="30 min ago"),
        pytest.param(89, [], id="31 min ago"),
    ],
)
def test_thirty_minutes_without_vomiting_are_needed(vomited: float, codes: list[str]) -> None:
    recovery = a_recovery(an_observation(vomited, vomiting=True), an_observation(105), an_observation(118))
    assert unmet(recovery) == codes


def test_time_alone_settles_vomiting_only_once_it_was_charted_as_over() -> None:
    over = a_recovery(an_observation(100, vomiting=True), an_observation(118))
    [reason] = decide_release(over, RULES, now=minute(120)).reasons
    assert reason.remaining == timedelta(minutes=10)
    [still] = decide_release(last_seen(vomiting=True), RULES, now=minute(120)).reasons
    assert still.remaining is None


def test_vomiting_as_the_last_word_blocks_also_when_thirty_minutes_have_passed() -> None:
    silent = {"vomiting": None}
    recovery = a_recovery(
        an_observation(90, vomiting=True), an_observation(100, **silent), an_observation(118, **silent)
    )
    assert unmet(recovery, 120) == ["vomiting"]


@pytest.mark.parametrize(
    ("transport", "codes"),
    [
        pytest.param(Transport(None), ["transport-missing"], id="nobody"),
        pytest.param(Transport(TransportKind.ESCORT), ["transport-not-present"], id="on the way"),
        pytest.param(Transport(TransportKind.ESCORT, present=True), ["transport-not-present"], id="not identified"),
        pytest.param(Transport(TransportKind.ESCORT, identified=True), ["transport-not-present"], id="not here"),
        pytest.param(Transport(TransportKind.ESCORT, present=True, identified=True), [], id="escort here"),
        pytest.param(Transport(TransportKind.CONTRACTED_RIDE, present=True, identified=True), [], id="ride here"),
    ],
)
def test_somebody_identified_takes_the_patient_home(transport: Transport, codes: list[str]) -> None:
    assert unmet(a_recovery(transport=transport)) == codes


@pytest.mark.parametrize(
    ("heard", "codes"),
    [
        pytest.param(Instructions(True, True), [], id="both"),
        pytest.param(Instructions(True, False), ["instructions"], id="patient only"),
        pytest.param(Instructions(False, True), ["instructions"], id="escort only"),
    ],
)
def test_both_must_have_heard_the_instructions(heard: Instructions, codes: list[str]) -> None:
    assert unmet(a_recovery(instructions=heard)) == codes


@pytest.mark.parametrize(
    ("checks", "codes"),
    [
        pytest.param((), ["suicide-risk-check"], id="not done"),
        pytest.param((a_check("no-concern"),), [], id="no concern"),
        pytest.param((a_check("concern"),), ["suicide-risk-check"], id="concern"),
        pytest.param((a_check("concern"), a_check("no-concern", 110)), ["suicide-risk-check"], id="a nurse's word"),
        pytest.param((a_check("concern"), a_check("no-concern", 110, by_prescriber=True)), [], id="a prescriber's"),
        pytest.param((a_check("concern"), a_check("no-concern", 100, by_prescriber=True)), [], id="at one instant"),
        pytest.param(
            (a_check("concern"), a_check("no-concern", 99, by_prescriber=True)),
            ["suicide-risk-check"],
            id="performed before the concern",
        ),
        pytest.param(
            (a_check("no-concern", 110, by_prescriber=True), a_check("concern")),
            ["suicide-risk-check"],
            id="recorded before the concern",
        ),
        pytest.param(
            (a_check("concern"), a_check("no-concern", 110, by_prescriber=True), a_check("concern", 115)),
            ["suicide-risk-check"],
            id="a new concern",
        ),
        pytest.param((a_check("no-concern"), a_check("no-concern", 110)), [], id="checked twice"),
    ],
)
def test_a_concern_stands_until_a_prescriber_records_a_later_no_concern(checks: Any, codes: list[str]) -> None:
    assert unmet(a_recovery(suicide_risk_checks=checks)) == codes


def test_every_emergency_needs_an_acknowledgement_even_after_normal_readings() -> None:
    waiting = a_recovery(emergencies=(an_emergency(50, acknowledged=55), an_emergency(60)))
    assert unmet(waiting) == ["emergency-unacknowledged"]
    seen = a_recovery(emergencies=(an_emergency(50, acknowledged=55), an_emergency(60, acknowledged=61)))
    assert unmet(seen) == []


def test_a_hold_does_not_lift_by_waiting() -> None:
    held = a_recovery(an_observation(100), an_observation(118, systolic_mmhg=161))
    assert unmet(held, 500)[0] == "pressure-hold"
    again = a_recovery(an_observation(118, systolic_mmhg=161), an_observation(119, systolic_mmhg=160))
    assert "pressure-hold" not in unmet(again)


def test_low_oxygen_does_not_lift_by_waiting() -> None:
    assert unmet(last_seen(spo2_percent=91), 500)[0] == "oxygen-low"


def test_all_reasons_come_at_once_in_the_fixed_order() -> None:
    worst = an_observation(
        5,
        systolic_mmhg=190,
        spo2_percent=80,
        moaas=1,
        dissociation_resolved=False,
        oriented=False,
        steady_gait=False,
        vomiting=True,
        nausea_0_10=9,
        fluids_tolerated=False,
        aldrete=aldrete(2),
        padss=Padss(0, 0, 0, 0, 0),
        cadss_6=None,
    )
    recovery = a_recovery(
        worst,
        emergencies=(an_emergency(5),),
        suicide_risk_checks=(a_check("concern", 5),),
        transport=Transport(None),
        instructions=Instructions(),
    )
    codes = unmet(recovery, 31)
    # overdue since 20 min (the grace ended at 30): all but "missing" and "not present", which contradict the others
    assert codes == [code for code in ORDER if code not in {"observation-missing", "transport-not-present"}]


def test_no_message_promises_anything() -> None:
    recovery = a_recovery(observations=(), suicide_risk_checks=(), transport=Transport(None))
    for reason in decide_release(recovery, RULES, now=minute(31)).reasons:
        assert "safe" not in reason.message.lower()
        assert reason.message.endswith(".")


def test_leaving_in_the_past_is_judged_by_what_was_known_then_and_now() -> None:
    recovery = a_recovery(an_observation(95), an_observation(110), an_observation(118, moaas=4))
    decision = decide_release_at(recovery, RULES, left_at=minute(117), now=minute(121))
    assert [reason.code for reason in decision.reasons] == ["sedation", "monitoring-time"]
    assert decision.reasons[1].message.startswith("At the given time of leaving: ")


def test_an_acknowledgement_after_leaving_does_not_count_for_the_time_of_leaving() -> None:
    recovery = a_recovery(emergencies=(an_emergency(60, acknowledged=125),))
    decision = decide_release_at(recovery, RULES, left_at=minute(121), now=minute(126))
    assert [reason.code for reason in decision.reasons] == ["emergency-unacknowledged"]


def test_a_recovery_as_of_an_instant_knows_nothing_of_what_came_later() -> None:
    recovery = a_recovery(emergencies=(an_emergency(60), an_emergency(119)))
    then = recovery.as_of(minute(100))
    assert [e.observed_at for e in then.emergencies] == [minute(60)]
    assert [o.observed_at for o in then.observations] == [minute(100)]
    assert len(then.suicide_risk_checks) == 1
    assert recovery.as_of(minute(99)).suicide_risk_checks == ()


@pytest.mark.parametrize(
    "change",
    [
        {"version": ""},
        {"min_monitoring": timedelta()},
        {"observations_due": ()},
        {"observations_due": (timedelta(minutes=20), timedelta())},
        {"freshness": timedelta()},
        {"settled_percent_of_baseline": 99},
        {"spo2_hold_below_percent": 95},
        {"spo2_emergency_below_percent": 93},
        {"moaas": 6},
        {"padss_at_least": 11},
        {"emergency_headache_grade": 0},
    ],
    ids=str,
)
def test_rules_that_make_no_sense_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="make no sense"):
        replace(RULES, **change)
