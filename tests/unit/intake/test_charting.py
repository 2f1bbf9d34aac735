"""What may be charted: a slip of the finger is refused, a true reading never."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain.policies.dosing import DoseRules, check_dose
from services.intake.domain.policies.timing import TimingRules, check_administration, check_happened
from services.intake.domain.policies.vitals import Limits, VitalRules, check_baseline
from services.intake.domain.sessions import Administration, Baseline

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BASELINE = Baseline(systolic_mmhg=120, diastolic_mmhg=80, heart_rate_bpm=70, spo2_percent=98, measured_at=START)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("systolic_mmhg", 49, "Must be 50 to 280 mmHg."),
        ("systolic_mmhg", 281, "Must be 50 to 280 mmHg."),
        ("systolic_mmhg", 20, "Must be 50 to 280 mmHg."),
        ("diastolic_mmhg", 19, "Must be 20 to 180 mmHg."),
        ("diastolic_mmhg", 181, "Must be 20 to 180 mmHg."),
        ("heart_rate_bpm", 19, "Must be 20 to 250 beats a minute."),
        ("heart_rate_bpm", 251, "Must be 20 to 250 beats a minute."),
        ("spo2_percent", 49, "Must be 50 to 100 %."),
        ("spo2_percent", 101, "Must be 50 to 100 %."),
        ("spo2_percent", 140, "Must be 50 to 100 %."),
    ],
)
def test_an_impossible_reading_is_refused_with_its_limit(field: str, value: int, message: str) -> None:
    found = check_baseline(replace(BASELINE, **{field: value}), VitalRules())  # type: ignore[arg-type]
    assert [(error.pointer, error.message) for error in found] == [(f"/baseline/{field}", message)]


@pytest.mark.parametrize(
    "reading",
    [
        {"systolic_mmhg": 50, "diastolic_mmhg": 20},
        {"systolic_mmhg": 280, "diastolic_mmhg": 180},
        {"heart_rate_bpm": 20},
        {"heart_rate_bpm": 250},
        {"spo2_percent": 50},
        {"spo2_percent": 100},
        {"systolic_mmhg": 81, "diastolic_mmhg": 80},
    ],
)
def test_a_worrying_reading_is_kept(reading: dict[str, int]) -> None:
    assert check_baseline(replace(BASELINE, **reading), VitalRules()) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize("diastolic", [120, 121])
def test_the_lower_pressure_lies_below_the_upper(diastolic: int) -> None:
    found = check_baseline(replace(BASELINE, diastolic_mmhg=diastolic), VitalRules())
    assert [error.pointer for error in found] == ["/baseline/diastolic_mmhg"]


def test_every_impossible_reading_is_named() -> None:
    worst = replace(BASELINE, systolic_mmhg=20, diastolic_mmhg=0, heart_rate_bpm=0, spo2_percent=140)
    assert len(check_baseline(worst, VitalRules())) == 4


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        pytest.param(START + timedelta(minutes=2), False, id="2 min ahead"),
        pytest.param(START + timedelta(minutes=2) + SECOND, True, id="more than 2 min ahead"),
        pytest.param(START - timedelta(hours=24), False, id="24 h back"),
        pytest.param(START - timedelta(hours=24) - SECOND, True, id="more than 24 h back"),
    ],
)
def test_instants_lie_between_a_day_before_the_start_and_now(at: datetime, refused: bool) -> None:
    found = check_happened("/measured_at", at, starts_at=START, rules=TimingRules(), now=START)
    assert bool(found) is refused


def test_a_day_back_is_counted_from_the_session_not_from_late_charting() -> None:
    back = START - timedelta(hours=24)
    assert not check_happened("/x", back, starts_at=START, rules=TimingRules(), now=START + timedelta(days=5))


def test_todays_word_about_a_session_next_week_can_be_charted() -> None:
    next_week = START + timedelta(days=7)
    assert not check_happened("/x", START, starts_at=next_week, rules=TimingRules(), now=START)
    assert check_happened("/x", START - timedelta(hours=25), starts_at=next_week, rules=TimingRules(), now=START)


def a_dose(started: timedelta, ended: timedelta) -> Administration:
    return Administration(
        dose_mg=40, lot="K1", started_at=START + started, ended_at=START + ended, overnight_time_zone="UTC"
    )


@pytest.mark.parametrize(
    ("started", "ended", "pointers"),
    [
        pytest.param(timedelta(), timedelta(), [], id="one instant"),
        pytest.param(-SECOND, timedelta(), [], id="ends after"),
        pytest.param(timedelta(), -SECOND, ["/administration_ended_at"], id="ends before"),
        pytest.param(-timedelta(days=2), timedelta(), ["/administration_started_at"], id="too far back"),
        pytest.param(timedelta(), timedelta(minutes=3), ["/administration_ended_at"], id="ahead"),
    ],
)
def test_a_dose_ends_when_or_after_it_starts(started: timedelta, ended: timedelta, pointers: list[str]) -> None:
    found = check_administration(a_dose(started, ended), starts_at=START, rules=TimingRules(), now=START)
    assert [error.pointer for error in found] == pointers


@pytest.mark.parametrize(
    ("dose_mg", "refused"),
    [(0, True), (-1, True), (0.001, False), (1000, False), (1000.001, True), (37.5, False), (0.0005, True)],
)
def test_an_amount_lies_above_nothing_and_below_a_slip(dose_mg: float, refused: bool) -> None:
    assert bool(check_dose(dose_mg, DoseRules())) is refused


@pytest.mark.parametrize("dose_mg", [float("nan"), float("inf")])
def test_an_amount_is_a_number(dose_mg: float) -> None:
    assert check_dose(dose_mg, DoseRules())


def test_rules_refuse_limits_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="upside down"):
        Limits(5, 5, "mmHg")
    with pytest.raises(ValueError, match="max_mg"):
        DoseRules(max_mg=0)
    with pytest.raises(ValueError, match="max_back"):
        TimingRules(max_back=timedelta())
