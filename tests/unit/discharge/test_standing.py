"""Held, emergency, or simply recovering."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.discharge.domain.latest_vitals import LatestVitals
from services.discharge.domain.observation import Observation, Pressure
from services.discharge.domain.policies.lasting_symptoms import needs_a_clinician
from services.discharge.domain.policies.release_rules import ReleaseRules
from services.discharge.domain.policies.standing import emergency_signs, standing
from services.discharge.domain.states import EmergencySign, RecoveryState
from tests.unit.discharge.builders import a_recovery, an_observation, minute, symptom

RULES = ReleaseRules()


@pytest.mark.parametrize(
    ("changes", "signs"),
    [
        pytest.param({}, (), id="well"),
        pytest.param({"systolic_mmhg": 179}, (), id="179"),
        pytest.param({"systolic_mmhg": 180}, (EmergencySign.PRESSURE,), id="180"),
        pytest.param({"diastolic_mmhg": 109}, (), id="109"),
        pytest.param({"diastolic_mmhg": 110}, (EmergencySign.PRESSURE,), id="110"),
        pytest.param({"spo2_percent": 90}, (), id="SpO2 90"),
        pytest.param({"spo2_percent": 89}, (EmergencySign.OXYGEN,), id="SpO2 89"),
        pytest.param({"symptoms": symptom("chest-pain", 0)}, (), id="no chest pain"),
        pytest.param({"symptoms": symptom("chest-pain", 1)}, (EmergencySign.CHEST_PAIN,), id="chest pain"),
        pytest.param({"symptoms": symptom("headache", 2)}, (), id="headache 2"),
        pytest.param({"symptoms": symptom("headache", 3)}, (EmergencySign.HEADACHE,), id="headache 3"),
        pytest.param({"symptoms": symptom("neurological", 1)}, (EmergencySign.NEUROLOGICAL,), id="neurological"),
        pytest.param({"symptoms": symptom("dizziness", 3)}, (), id="dizziness 3"),
    ],
)
def test_an_emergency_is_seen_at_its_limit(changes: dict[str, Any], signs: tuple[EmergencySign, ...]) -> None:
    assert emergency_signs(an_observation(30, **changes), RULES) == signs


@pytest.mark.parametrize(
    ("open_emergencies", "pressure", "spo2", "state"),
    [
        pytest.param(0, None, None, RecoveryState.RECOVERING, id="nothing charted"),
        pytest.param(0, Pressure(160, 100), 92, RecoveryState.RECOVERING, id="at the limits"),
        pytest.param(0, Pressure(161, 100), 92, RecoveryState.HELD, id="pressure"),
        pytest.param(0, Pressure(160, 100), 91, RecoveryState.HELD, id="oxygen"),
        pytest.param(0, Pressure(190, 100), 99, RecoveryState.HELD, id="an acknowledged emergency still holds"),
        pytest.param(1, Pressure(120, 80), 99, RecoveryState.EMERGENCY, id="emergency wins"),
        pytest.param(1, Pressure(161, 80), 91, RecoveryState.EMERGENCY, id="emergency wins over hold"),
    ],
)
def test_where_a_patient_stands(
    open_emergencies: int, pressure: Pressure | None, spo2: int | None, state: RecoveryState
) -> None:
    found = standing(open_emergencies=open_emergencies, latest_pressure=pressure, latest_spo2_percent=spo2, rules=RULES)
    assert found is state


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, False, id="none"),
        pytest.param({"symptoms": symptom("dizziness", 1)}, True, id="mild dizziness"),
        pytest.param({"symptoms": symptom("dizziness", 0)}, False, id="looked for and absent"),
        pytest.param({"nausea_0_10": 1}, True, id="some nausea"),
        pytest.param({"symptoms": None}, True, id="nobody asked"),
        pytest.param({"nausea_0_10": None}, True, id="nobody asked about nausea"),
    ],
)
def test_symptoms_that_last_call_a_clinician(changes: dict[str, Any], expected: bool) -> None:
    assert needs_a_clinician(a_recovery(an_observation(239, **changes))) is expected


_pressures = st.builds(Pressure, st.integers(80, 200), st.integers(40, 120))
_numbers = st.none() | st.integers(0, 100)
_observations = st.lists(
    st.builds(
        lambda at, pressure, spo2, moaas: (at, pressure, spo2, moaas),
        st.integers(-40, 240),
        st.none() | _pressures,
        _numbers,
        _numbers,
    ),
    max_size=12,
)


@given(_observations)
def test_the_read_model_shows_what_the_chart_shows(charted: list[tuple[int, Any, Any, Any]]) -> None:
    recorded = [
        an_observation(at, spo2_percent=spo2, moaas=moaas, number=number, pressure=pressure)
        for number, (at, pressure, spo2, moaas) in enumerate(charted)
    ]
    vitals = LatestVitals()
    for observation in recorded:
        vitals = vitals.with_observation(observation)
    chart = a_recovery(observations=tuple(sorted(recorded, key=lambda o: (o.observed_at, o.number))))
    readings = list(chart.readings())
    assert (vitals.pressure and (vitals.pressure.at, vitals.pressure.value)) == (readings[0] if readings else None)
    before = readings[1] if len(readings) > 1 else None
    assert (vitals.previous_pressure and (vitals.previous_pressure.at, vitals.previous_pressure.value)) == before
    assert (vitals.spo2_percent and (vitals.spo2_percent.at, vitals.spo2_percent.value)) == chart.latest("spo2_percent")
    assert (vitals.moaas and (vitals.moaas.at, vitals.moaas.value)) == chart.latest("moaas")
    assert vitals.observed_at == _last(recorded)


def _last(recorded: list[Observation]) -> Any:
    return max((o.observed_at for o in recorded), default=None)


def test_a_late_charted_reading_becomes_the_one_before_and_not_the_latest() -> None:
    vitals = LatestVitals().with_observation(an_observation(20)).with_observation(an_observation(10, systolic_mmhg=150))
    assert vitals.pressure is not None
    assert vitals.pressure.at == minute(20)
    assert vitals.previous_pressure is not None
    assert vitals.previous_pressure.value.systolic_mmhg == 150
