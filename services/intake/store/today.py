"""Today's board as plain rows: three reads a site, however many sessions, and no objects built that nobody changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from services.intake.domain.sessions import SessionState
from services.intake.store.tables import CourseRow, PatientRow, SessionRow

_IN_THE_HOUSE = (SessionState.ARRIVED, SessionState.STARTED, SessionState.RECOVERING)
_IN_A_CHAIR = (SessionState.STARTED, SessionState.RECOVERING)

_LINE = (
    SessionRow.session_id,
    SessionRow.patient_id,
    SessionRow.course_id,
    SessionRow.site_id,
    SessionRow.chair_id,
    SessionRow.kind,
    SessionRow.starts_at,
    SessionRow.ends_at,
    SessionRow.state,
    SessionRow.number,
    SessionRow.transport_kind,
    SessionRow.transport_name,
    SessionRow.transport_phone,
    SessionRow.transport_relationship,
    SessionRow.transport_grown,
    SessionRow.transport_confirmed_at,
    SessionRow.transport_arrives_at,
    SessionRow.arrived_at,
    SessionRow.started_at,
    SessionRow.completed_at,
    SessionRow.left_at,
    SessionRow.disposition,
    CourseRow.planned_sessions,
    CourseRow.product,
    PatientRow.record_number,
    PatientRow.family_name,
    PatientRow.given_name,
    PatientRow.birth_date,
    PatientRow.phone,
)


def lines_of_day(session: Session, site_id: str, start: datetime, end: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Sessions that start in [start, end), and whoever is in the house from before; by booked start."""
    statement = (
        select(*_LINE)
        .join(CourseRow, CourseRow.course_id == SessionRow.course_id)
        .join(PatientRow, PatientRow.patient_id == SessionRow.patient_id)
        .where(
            SessionRow.site_id == site_id,
            or_(
                and_(SessionRow.starts_at >= start, SessionRow.starts_at < end),
                and_(SessionRow.starts_at < start, SessionRow.state.in_(_IN_THE_HOUSE)),
            ),
        )
        .order_by(SessionRow.starts_at, SessionRow.chair_id, SessionRow.session_id)
    )
    return session.execute(statement).all()


def in_chairs(session: Session, site_id: str) -> dict[str, set[UUID]]:
    """The sessions of whoever sits in a chair now, by chair."""
    statement = select(SessionRow.chair_id, SessionRow.session_id).where(
        SessionRow.site_id == site_id, SessionRow.state.in_(_IN_A_CHAIR)
    )
    found: dict[str, set[UUID]] = {}
    for chair_id, session_id in session.execute(statement):
        found.setdefault(chair_id, set()).add(session_id)
    return found
