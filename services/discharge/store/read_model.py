"""The latest vitals between a recovery's row and the domain."""

from datetime import datetime

from services.discharge.domain.latest_vitals import Latest, LatestVitals
from services.discharge.domain.observation import Pressure
from services.discharge.store.watched import AnyRecovery


def vitals_of(row: AnyRecovery) -> LatestVitals:
    return LatestVitals(
        observed_at=row.observed_at,
        pressure=_pressure(row.pressure_at, row.systolic_mmhg, row.diastolic_mmhg),
        previous_pressure=_pressure(row.previous_pressure_at, row.previous_systolic_mmhg, row.previous_diastolic_mmhg),
        heart_rate_bpm=_number(row.heart_rate_at, row.heart_rate_bpm),
        spo2_percent=_number(row.spo2_at, row.spo2_percent),
        moaas=_number(row.moaas_at, row.moaas),
    )


def keep_vitals(row: AnyRecovery, vitals: LatestVitals) -> None:
    row.observed_at = vitals.observed_at
    if vitals.pressure is not None:
        row.pressure_at = vitals.pressure.at
        row.systolic_mmhg = vitals.pressure.value.systolic_mmhg
        row.diastolic_mmhg = vitals.pressure.value.diastolic_mmhg
    if vitals.previous_pressure is not None:
        row.previous_pressure_at = vitals.previous_pressure.at
        row.previous_systolic_mmhg = vitals.previous_pressure.value.systolic_mmhg
        row.previous_diastolic_mmhg = vitals.previous_pressure.value.diastolic_mmhg
    if vitals.heart_rate_bpm is not None:
        row.heart_rate_at, row.heart_rate_bpm = vitals.heart_rate_bpm.at, vitals.heart_rate_bpm.value
    if vitals.spo2_percent is not None:
        row.spo2_at, row.spo2_percent = vitals.spo2_percent.at, vitals.spo2_percent.value
    if vitals.moaas is not None:
        row.moaas_at, row.moaas = vitals.moaas.at, vitals.moaas.value


def _pressure(at: datetime | None, systolic: int | None, diastolic: int | None) -> Latest[Pressure] | None:
    if at is None or systolic is None or diastolic is None:
        return None
    return Latest(at, Pressure(systolic, diastolic))


def _number(at: datetime | None, value: int | None) -> Latest[int] | None:
    return None if at is None or value is None else Latest(at, value)
