"""Queries about assessments."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.maintenance.domain.instruments import Instrument
from services.maintenance.store.tables import AssessmentRow


def phq9_of(session: Session, patient_id: UUID) -> Sequence[AssessmentRow]:
    """What the ladder reads, in the order it was learned."""
    return session.scalars(
        select(AssessmentRow)
        .where(AssessmentRow.patient_id == patient_id, AssessmentRow.instrument == Instrument.PHQ_9)
        .order_by(AssessmentRow.order)
    ).all()


def of_patient(patient_id: UUID, instrument: Instrument | None) -> Select[AssessmentRow]:
    query = select(AssessmentRow).where(AssessmentRow.patient_id == patient_id)
    return query if instrument is None else query.where(AssessmentRow.instrument == instrument)
