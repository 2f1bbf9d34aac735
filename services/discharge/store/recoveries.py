"""Queries of recoveries and what hangs on them; never commits."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from services.discharge.domain.observation import Pressure
from services.discharge.domain.policies.driving_restriction import SleepAttestation
from services.discharge.domain.recovery import (
    Administration,
    Baseline,
    Emergency,
    Instructions,
    Recovery,
    SuicideRiskCheck,
    Transport,
)
from services.discharge.domain.states import EmergencySign, RecoveryState
from services.discharge.store.charting import observation_of
from services.discharge.store.tables import (
    ChartChangeRow,
    EmergencyRow,
    ObservationRow,
    RecoveryRow,
    SleepAttestationRow,
    SuicideRiskCheckRow,
)
from shared.kernel.errors import NotFound
from shared.kernel.people import Actor

# made once: building a statement costs as much as running it
_TO_READ = select(RecoveryRow).where(RecoveryRow.session_id == bindparam("session_id"))
_TO_CHANGE = _TO_READ.with_for_update().execution_options(populate_existing=True)


def find(session: Session, session_id: UUID, actor: Actor, *, to_change: bool = False) -> RecoveryRow:
    """The recovery when `actor` may see it, else NotFound; `to_change` locks it to the transaction's end."""
    row = session.scalars(_TO_CHANGE if to_change else _TO_READ, {"session_id": session_id}).one_or_none()
    if row is None or not actor.may_see(patient_id=row.patient_id, sites={row.site_id}):
        raise NotFound("There is no such recovery.")
    return row


def of_patient(session: Session, patient_id: UUID, actor: Actor) -> list[RecoveryRow]:
    """The patient's recoveries that `actor` may see, latest first; entered in error are none.

    Raises NotFound for a patient whose recoveries are all out of the actor's sight.
    """
    query = select(RecoveryRow).where(
        RecoveryRow.patient_id == patient_id, RecoveryRow.state != RecoveryState.ENTERED_IN_ERROR
    )
    rows = list(session.scalars(query.order_by(RecoveryRow.administration_ended_at.desc(), RecoveryRow.session_id)))
    seen = [row for row in rows if actor.may_see(patient_id=patient_id, sites={row.site_id})]
    if rows and not seen:
        raise NotFound("There is no such patient for you.")
    return seen


def chart_of(session: Session, row: RecoveryRow) -> Recovery:
    """All that the policies need of one recovery, in three queries."""
    return as_chart(
        row,
        observation_rows(session, row.session_id),
        emergency_rows(session, row.session_id),
        check_rows(session, row.session_id),
    )


def as_chart(
    row: RecoveryRow | Row[Any],
    observations: Iterable[ObservationRow | Row[Any]],
    emergencies: Iterable[EmergencyRow | Row[Any]],
    checks: Iterable[SuicideRiskCheckRow | Row[Any]],
) -> Recovery:
    """A recovery's row and what hangs on it, each in its own order, as the policies read it."""
    return Recovery(
        product=row.product,
        administration=Administration(row.administration_started_at, row.administration_ended_at),
        baseline=Baseline(
            Pressure(row.baseline_systolic_mmhg, row.baseline_diastolic_mmhg),
            row.baseline_heart_rate_bpm,
            row.baseline_spo2_percent,
        ),
        transport=Transport(
            kind=row.transport_kind,
            present=row.transport_present,
            identified=row.transport_identified_by is not None,
        ),
        instructions=Instructions(row.patient_acknowledged, row.escort_acknowledged),
        observations=tuple(observation_of(each) for each in observations),
        emergencies=tuple(_emergency(each) for each in emergencies),
        suicide_risk_checks=tuple(_check(each) for each in checks),
    )


def observation_rows(session: Session, session_id: UUID) -> list[ObservationRow]:
    """In the order of observed_at, then of recording."""
    query = select(ObservationRow).where(ObservationRow.session_id == session_id)
    return list(session.scalars(query.order_by(ObservationRow.observed_at, ObservationRow.number)))


def emergency_rows(session: Session, session_id: UUID) -> list[EmergencyRow]:
    """Oldest observation first."""
    query = select(EmergencyRow).where(EmergencyRow.session_id == session_id)
    return list(session.scalars(query.order_by(EmergencyRow.observed_at, EmergencyRow.number)))


def check_rows(session: Session, session_id: UUID) -> list[SuicideRiskCheckRow]:
    """In the order of recording."""
    query = select(SuicideRiskCheckRow).where(SuicideRiskCheckRow.session_id == session_id)
    return list(session.scalars(query.order_by(SuicideRiskCheckRow.number)))


def change_rows(session: Session, session_id: UUID) -> list[ChartChangeRow]:
    """Oldest first."""
    query = select(ChartChangeRow).where(ChartChangeRow.session_id == session_id)
    return list(session.scalars(query.order_by(ChartChangeRow.changed_at, ChartChangeRow.change_id)))


def attestations_of(session: Session, session_id: UUID) -> tuple[SleepAttestation, ...]:
    """In the order they were given."""
    query = select(SleepAttestationRow).where(SleepAttestationRow.session_id == session_id)
    return tuple(
        SleepAttestation(each.attested_at, each.slept_hours, each.rested, each.symptom_free)
        for each in session.scalars(query.order_by(SleepAttestationRow.number))
    )


def count_of(session: Session, kind: type[SuicideRiskCheckRow] | type[SleepAttestationRow], session_id: UUID) -> int:
    """How many hang on a recovery; right for numbering under the recovery's lock."""
    return session.execute(select(func.count()).where(kind.session_id == session_id)).scalar_one()


def _emergency(row: EmergencyRow | Row[Any]) -> Emergency:
    signs = tuple(EmergencySign(sign) for sign in row.signs)
    return Emergency(row.emergency_id, row.observed_at, signs, row.acknowledged_at)


def _check(row: SuicideRiskCheckRow | Row[Any]) -> SuicideRiskCheck:
    return SuicideRiskCheck(row.performed_at, row.outcome, row.by_prescriber)
