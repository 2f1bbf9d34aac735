"""Which baseline readings are possible at all: a typing slip is refused, a worrying reading is kept.

Source: docs/clinical/vital-ranges.md.
"""

from dataclasses import dataclass

from services.intake.domain.sessions import Baseline
from shared.kernel.errors import FieldError


@dataclass(frozen=True, slots=True)
class Limits:
    """Both ends inclusive."""

    low: int
    high: int
    unit: str

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise ValueError(f"limits {self.low} to {self.high} {self.unit} are upside down")


@dataclass(frozen=True, slots=True)
class VitalRules:
    """Source: docs/clinical/vital-ranges.md; proposals that need a medical director's sign-off."""

    systolic: Limits = Limits(50, 280, "mmHg")
    diastolic: Limits = Limits(20, 180, "mmHg")
    heart_rate: Limits = Limits(20, 250, "beats a minute")
    spo2: Limits = Limits(50, 100, "%")


def check_baseline(baseline: Baseline, rules: VitalRules) -> tuple[FieldError, ...]:
    """What is impossible about the four readings, each with its limit; a diastolic pressure lies below the systolic."""
    found = [
        *_within("/baseline/systolic_mmhg", baseline.systolic_mmhg, rules.systolic),
        *_within("/baseline/diastolic_mmhg", baseline.diastolic_mmhg, rules.diastolic),
        *_within("/baseline/heart_rate_bpm", baseline.heart_rate_bpm, rules.heart_rate),
        *_within("/baseline/spo2_percent", baseline.spo2_percent, rules.spo2),
    ]
    if not found and baseline.diastolic_mmhg >= baseline.systolic_mmhg:
        found.append(FieldError("/baseline/diastolic_mmhg", "Must be below the systolic pressure."))
    return tuple(found)


def _within(pointer: str, value: int, limits: Limits) -> tuple[FieldError, ...]:
    if limits.low <= value <= limits.high:
        return ()
    return (FieldError(pointer, f"Must be {limits.low} to {limits.high} {limits.unit}."),)
