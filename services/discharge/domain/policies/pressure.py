"""Whether blood pressure has settled enough to leave. Source: docs/clinical/release.md."""

from collections.abc import Iterable
from datetime import datetime

from services.discharge.domain.observation import Pressure
from services.discharge.domain.policies.release_rules import ReleaseRules


def is_settled(readings: Iterable[tuple[datetime, Pressure]], baseline: Pressure, rules: ReleaseRules) -> bool:
    """Whether the latest reading and every one back to the first at least `settled_span` older allow leaving.

    `readings` come latest first. They allow it when all are at most `settled` in both components; or when all are at
    most `settled_percent_of_baseline` of `baseline` in both, and neither component of the latest is above the reading
    before it. Too few readings to reach back that far: not settled.
    """
    counted = _counted(readings, rules)
    if counted is None:
        return False
    if all(_within(reading, rules.settled) for reading in counted):
        return True
    latest, before = counted[0], counted[1]
    return all(_near_baseline(reading, baseline, rules) for reading in counted) and _within(latest, before)


def is_held(pressure: Pressure, rules: ReleaseRules) -> bool:
    """Above the hold limit in either component, exclusive."""
    return not _within(pressure, rules.hold_above)


def is_emergency(pressure: Pressure, rules: ReleaseRules) -> bool:
    """At or above the emergency limit in either component."""
    limit = rules.emergency_from
    return pressure.systolic_mmhg >= limit.systolic_mmhg or pressure.diastolic_mmhg >= limit.diastolic_mmhg


def _counted(readings: Iterable[tuple[datetime, Pressure]], rules: ReleaseRules) -> list[Pressure] | None:
    counted: list[Pressure] = []
    latest_at: datetime | None = None
    for observed_at, pressure in readings:
        counted.append(pressure)
        if latest_at is None:
            latest_at = observed_at
        elif latest_at - observed_at >= rules.settled_span:
            return counted
    return None


def _within(pressure: Pressure, limit: Pressure) -> bool:
    return pressure.systolic_mmhg <= limit.systolic_mmhg and pressure.diastolic_mmhg <= limit.diastolic_mmhg


def _near_baseline(pressure: Pressure, baseline: Pressure, rules: ReleaseRules) -> bool:
    percent = rules.settled_percent_of_baseline
    return (
        pressure.systolic_mmhg * 100 <= baseline.systolic_mmhg * percent
        and pressure.diastolic_mmhg * 100 <= baseline.diastolic_mmhg * percent
    )
