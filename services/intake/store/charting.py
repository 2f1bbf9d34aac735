"""What a session's row has charted, as the domain's values, and back."""

from typing import Any

from sqlalchemy import Row

from services.intake.domain.sessions import Administration, Baseline
from services.intake.domain.transport import Transport
from services.intake.store.tables import SessionRow


def transport_of(row: SessionRow | Row[*tuple[Any, ...]]) -> Transport | None:
    """None while nobody is named. Takes a session, or a line that has its transport columns."""
    if row.transport_kind is None or row.transport_name is None or row.transport_grown is None:
        return None
    return Transport(
        kind=row.transport_kind,
        name=row.transport_name,
        phone=row.transport_phone,
        relationship=row.transport_relationship,
        grown=row.transport_grown,
        confirmed_at=row.transport_confirmed_at,
        arrives_at=row.transport_arrives_at,
    )


def chart_transport(row: SessionRow, transport: Transport) -> None:
    row.transport_kind = transport.kind
    row.transport_name = transport.name
    row.transport_phone = transport.phone
    row.transport_relationship = transport.relationship
    row.transport_grown = transport.grown
    row.transport_confirmed_at = transport.confirmed_at
    row.transport_arrives_at = transport.arrives_at


def baseline_of(row: SessionRow) -> Baseline | None:
    """None before the start; all five values are charted together."""
    if (
        row.baseline_systolic_mmhg is None
        or row.baseline_diastolic_mmhg is None
        or row.baseline_heart_rate_bpm is None
        or row.baseline_spo2_percent is None
        or row.baseline_measured_at is None
    ):
        return None
    return Baseline(
        systolic_mmhg=row.baseline_systolic_mmhg,
        diastolic_mmhg=row.baseline_diastolic_mmhg,
        heart_rate_bpm=row.baseline_heart_rate_bpm,
        spo2_percent=row.baseline_spo2_percent,
        measured_at=row.baseline_measured_at,
    )


def chart_baseline(row: SessionRow, baseline: Baseline) -> None:
    row.baseline_systolic_mmhg = baseline.systolic_mmhg
    row.baseline_diastolic_mmhg = baseline.diastolic_mmhg
    row.baseline_heart_rate_bpm = baseline.heart_rate_bpm
    row.baseline_spo2_percent = baseline.spo2_percent
    row.baseline_measured_at = baseline.measured_at


def administration_of(row: SessionRow) -> Administration | None:
    """None before completion; all five values are charted together."""
    if (
        row.dose_mg is None
        or row.lot is None
        or row.administration_started_at is None
        or row.administration_ended_at is None
        or row.overnight_time_zone is None
    ):
        return None
    return Administration(
        dose_mg=row.dose_mg,
        lot=row.lot,
        started_at=row.administration_started_at,
        ended_at=row.administration_ended_at,
        overnight_time_zone=row.overnight_time_zone,
    )


def chart_administration(row: SessionRow, administration: Administration) -> None:
    row.dose_mg = administration.dose_mg
    row.lot = administration.lot
    row.administration_started_at = administration.started_at
    row.administration_ended_at = administration.ended_at
    row.overnight_time_zone = administration.overnight_time_zone
