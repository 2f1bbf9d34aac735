"""Whether a patient in recovery is held, or an emergency. Both win over every other rule.

Source: docs/clinical/release.md.
"""

from services.discharge.domain.observation import Observation, Pressure
from services.discharge.domain.policies import pressure as pressure_policy
from services.discharge.domain.policies.release_rules import ReleaseRules
from services.discharge.domain.states import EmergencySign, RecoveryState, SymptomCode


def emergency_signs(observation: Observation, rules: ReleaseRules) -> tuple[EmergencySign, ...]:
    """The signs in one observation that make it an emergency; empty when there are none."""
    reading, spo2 = observation.pressure, observation.spo2_percent
    present = (
        (EmergencySign.PRESSURE, reading is not None and pressure_policy.is_emergency(reading, rules)),
        (EmergencySign.OXYGEN, spo2 is not None and spo2 < rules.spo2_emergency_below_percent),
        (EmergencySign.CHEST_PAIN, observation.grade(SymptomCode.CHEST_PAIN) > 0),
        (EmergencySign.HEADACHE, observation.grade(SymptomCode.HEADACHE) >= rules.emergency_headache_grade),
        (EmergencySign.NEUROLOGICAL, observation.grade(SymptomCode.NEUROLOGICAL) > 0),
    )
    return tuple(sign for sign, is_present in present if is_present)


def oxygen_holds(spo2_percent: int, rules: ReleaseRules) -> bool:
    """Below the hold limit, exclusive, whatever the baseline."""
    return spo2_percent < rules.spo2_hold_below_percent


def standing(
    *,
    open_emergencies: int,
    latest_pressure: Pressure | None,
    latest_spo2_percent: int | None,
    rules: ReleaseRules,
) -> RecoveryState:
    """Where a patient who hasn't left stands, from the latest values however old.

    A hold lifts with a reading, never by waiting.
    """
    if open_emergencies:
        return RecoveryState.EMERGENCY
    if latest_pressure is not None and pressure_policy.is_held(latest_pressure, rules):
        return RecoveryState.HELD
    if latest_spo2_percent is not None and oxygen_holds(latest_spo2_percent, rules):
        return RecoveryState.HELD
    return RecoveryState.RECOVERING
