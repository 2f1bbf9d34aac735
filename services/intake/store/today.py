"""Today's board as plain rows: two reads a site, however many sessions, and no objects built that nobody changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from services.intake.domain.boosters import PlanWord
from services.intake.domain.sessions import BEFORE_DOSE, DOSED_STATES, ChartStatus, SessionState
from services.intake.store import boosters
from services.intake.store.tables import CourseRow, PatientRow, SessionRow

_IN_THE_HOUSE = (SessionState.ARRIVED, SessionState.STARTED, SessionState.RECOVERING)

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
    """Sessions that start in [start, end), and whoever is in the house whatever their day; by booked start.

    `place` is the session's place among its course's sessions of its kind that stand or are still to be dosed.
    """
    statement = (
        select(*_LINE, _place())
        .join(CourseRow, CourseRow.course_id == SessionRow.course_id)
        .join(PatientRow, PatientRow.patient_id == SessionRow.patient_id)
        .where(_of_day(site_id, start, end))
        .order_by(SessionRow.starts_at, SessionRow.chair_id, SessionRow.session_id)
    )
    return session.execute(statement).all()


def words_of_day(session: Session, site_id: str, start: datetime, end: datetime) -> dict[UUID, PlanWord]:
    """Maintenance's word on the open cycle of each of the day's patients who has one; a hold on any of them wins."""
    patients = select(SessionRow.patient_id).where(_of_day(site_id, start, end))
    return boosters.words_of(session, patients)


def _of_day(site_id: str, start: datetime, end: datetime) -> ColumnElement[bool]:
    # two looks at two indexes: with an OR between them SQLite reads the site's whole past
    at_site = select(SessionRow.session_id).where(SessionRow.site_id == site_id)
    of_the_day = at_site.where(SessionRow.starts_at >= start, SessionRow.starts_at < end)
    here = at_site.where(SessionRow.state.in_(_IN_THE_HOUSE))
    return SessionRow.session_id.in_(union(of_the_day, here))


def _place() -> ColumnElement[int]:
    before = aliased(SessionRow)
    dosed = and_(before.status == ChartStatus.FINAL, before.state.in_(DOSED_STATES))
    earlier = or_(
        before.starts_at < SessionRow.starts_at,
        and_(before.starts_at == SessionRow.starts_at, before.session_id <= SessionRow.session_id),
    )
    counted = select(func.count()).where(
        before.course_id == SessionRow.course_id,
        before.kind == SessionRow.kind,
        or_(dosed, and_(before.state.in_(BEFORE_DOSE), earlier)),
    )
    return counted.correlate(SessionRow).scalar_subquery().label("place")
