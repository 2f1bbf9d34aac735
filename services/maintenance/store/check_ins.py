"""Queries about weekly lifestyle check-ins."""

from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.maintenance.store.tables import CheckInRow


def of_week(session: Session, patient_id: UUID, week_starts_on: date) -> CheckInRow | None:
    return session.scalars(
        select(CheckInRow).where(CheckInRow.patient_id == patient_id, CheckInRow.week_starts_on == week_starts_on)
    ).one_or_none()


def of_patient(patient_id: UUID) -> Select[CheckInRow]:
    return select(CheckInRow).where(CheckInRow.patient_id == patient_id)
