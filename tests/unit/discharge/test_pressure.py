"""When blood pressure has settled."""

import pytest

from services.discharge.domain.observation import Pressure
from services.discharge.domain.policies.pressure import is_emergency, is_held, is_settled
from services.discharge.domain.policies.release_rules import ReleaseRules
from tests.unit.discharge.builders import minute

RULES = ReleaseRules()
BASELINE = Pressure(130, 85)
HIGH_BASELINE = Pressure(150, 95)  # 120 %: 180/114


def settled(*readings: tuple[float, int, int], baseline: Pressure = BASELINE) -> bool:
    """`readings` are (minute, systolic, diastolic), latest first."""
    return is_settled(((minute(at), Pressure(s, d)) for at, s, d in readings), baseline, RULES)


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        pytest.param([], False, id="none"),
        pytest.param([(60, 120, 80)], False, id="one"),
        pytest.param([(60, 120, 80), (51, 120, 80)], False, id="9 min apart"),
        pytest.param([(60, 120, 80), (50, 120, 80)], True, id="10 min apart"),
        pytest.param([(60, 120, 80), (20, 120, 80)], True, id="40 min apart"),
        pytest.param([(60, 140, 90), (50, 140, 90)], True, id="at the limit"),
        pytest.param([(60, 120, 80), (50, 170, 80)], False, id="the older one above"),
        pytest.param([(60, 120, 80), (55, 170, 80), (45, 120, 80)], False, id="one between above"),
        pytest.param([(60, 120, 80), (50, 120, 80), (45, 170, 80)], True, id="one further back above"),
        pytest.param([(60, 140, 90), (50, 120, 80)], True, id="rising within the limit"),
    ],
)
def test_all_readings_back_ten_minutes_are_within_the_limit(
    readings: list[tuple[float, int, int]], expected: bool
) -> None:
    assert settled(*readings) is expected


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        pytest.param([(60, 150, 95), (50, 160, 98)], True, id="near baseline and falling"),
        pytest.param([(60, 150, 95), (50, 150, 95)], True, id="near baseline and level"),
        pytest.param([(60, 151, 95), (50, 150, 95)], False, id="systolic rising"),
        pytest.param([(60, 150, 96), (50, 150, 95)], False, id="diastolic rising"),
        pytest.param([(60, 180, 114), (50, 180, 114)], True, id="exactly 120 %"),
        pytest.param([(60, 170, 95), (50, 181, 95)], False, id="systolic above 120 %"),
        pytest.param([(60, 150, 95), (50, 150, 115)], False, id="diastolic above 120 %"),
        pytest.param([(60, 150, 95), (55, 149, 95), (50, 160, 95)], False, id="above the one just before"),
        pytest.param([(60, 150, 95), (55, 150, 95), (50, 145, 95)], True, id="an earlier rise is no matter"),
    ],
)
def test_or_all_are_near_the_baseline_and_not_rising(readings: list[tuple[float, int, int]], expected: bool) -> None:
    assert settled(*readings, baseline=HIGH_BASELINE) is expected


def test_the_share_of_baseline_is_exact() -> None:
    # 120 % of 121 is 145.2: 145 is within, 146 is not
    assert settled((60, 145, 80), (50, 145, 80), baseline=Pressure(121, 80))
    assert not settled((60, 146, 80), (50, 146, 80), baseline=Pressure(121, 80))


@pytest.mark.parametrize(
    ("pressure", "held", "emergency"),
    [
        pytest.param(Pressure(160, 100), False, False, id="160/100"),
        pytest.param(Pressure(161, 100), True, False, id="161 systolic"),
        pytest.param(Pressure(160, 101), True, False, id="101 diastolic"),
        pytest.param(Pressure(179, 109), True, False, id="179/109"),
        pytest.param(Pressure(180, 80), True, True, id="180 systolic"),
        pytest.param(Pressure(150, 110), True, True, id="110 diastolic"),
    ],
)
def test_hold_and_emergency_limits(pressure: Pressure, held: bool, emergency: bool) -> None:
    assert (is_held(pressure, RULES), is_emergency(pressure, RULES)) == (held, emergency)
