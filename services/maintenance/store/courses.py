"""Queries about courses and their sessions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.maintenance.store.tables import CourseRow, SessionRow


def find(session: Session, course_id: UUID) -> CourseRow | None:
    return session.get(CourseRow, course_id)


def find_session(session: Session, session_id: UUID) -> SessionRow | None:
    return session.get(SessionRow, session_id)


def of_patient(session: Session, patient_id: UUID) -> Sequence[CourseRow]:
    return session.scalars(select(CourseRow).where(CourseRow.patient_id == patient_id)).all()


def sessions_of(session: Session, patient_id: UUID) -> Sequence[SessionRow]:
    """All of the patient's sessions, of every course, those entered in error too; in the order they were learned."""
    return session.scalars(
        select(SessionRow).where(SessionRow.patient_id == patient_id).order_by(SessionRow.order)
    ).all()


def last_started_at(session: Session, patient_id: UUID) -> datetime | None:
    """When the patient's latest session that stands was started."""
    return session.scalar(
        select(func.max(SessionRow.started_at)).where(SessionRow.patient_id == patient_id, SessionRow.stands)
    )
