"""Courses and what was given in them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.intake.domain.sessions import DOSED_STATES, ChartStatus, SessionKind
from services.intake.store.tables import CourseRow, SessionRow

_GIVEN = (SessionRow.status == ChartStatus.FINAL, SessionRow.state.in_(DOSED_STATES))


def by_id(session: Session, course_id: UUID) -> CourseRow | None:
    return session.get(CourseRow, course_id)


def locked(session: Session, course_id: UUID) -> CourseRow:
    """The course, freshly read and held to commit: numbers of its sessions are given one at a time."""
    statement = select(CourseRow).where(CourseRow.course_id == course_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def of_patient(session: Session, patient_id: UUID) -> list[CourseRow]:
    statement = select(CourseRow).where(CourseRow.patient_id == patient_id)
    return list(session.scalars(statement.order_by(CourseRow.opened_at, CourseRow.course_id)))


def of_patients(session: Session, patient_ids: Collection[UUID]) -> list[CourseRow]:
    return list(session.scalars(select(CourseRow).where(CourseRow.patient_id.in_(patient_ids))))


def completed_count(session: Session, course_id: UUID, kind: SessionKind) -> int:
    """Sessions of `kind` that were dosed and stand; entered in error ones don't count."""
    statement = select(func.count()).where(SessionRow.course_id == course_id, SessionRow.kind == kind, *_GIVEN)
    return session.execute(statement).scalar_one()


def completed_counts(session: Session, course_ids: Collection[UUID]) -> dict[tuple[UUID, SessionKind], int]:
    """`completed_count` for many courses at once; a pair that is absent has none."""
    statement = (
        select(SessionRow.course_id, SessionRow.kind, func.count())
        .where(SessionRow.course_id.in_(course_ids), *_GIVEN)
        .group_by(SessionRow.course_id, SessionRow.kind)
    )
    return {(course_id, kind): count for course_id, kind, count in session.execute(statement)}


def last_completed(session: Session, course_id: UUID) -> SessionRow | None:
    """The course's last dosed session that stands, of any kind; None before the first."""
    statement = select(SessionRow).where(SessionRow.course_id == course_id, *_GIVEN)
    newest_first = statement.order_by(
        SessionRow.administration_ended_at.desc(), SessionRow.completed_at.desc(), SessionRow.number.desc()
    )
    return session.scalars(newest_first.limit(1).with_for_update()).one_or_none()


def numbered_after(session: Session, session_row: SessionRow) -> list[SessionRow]:
    """The dosed sessions of the same course and kind with a higher number, in order."""
    statement = select(SessionRow).where(
        SessionRow.course_id == session_row.course_id,
        SessionRow.kind == session_row.kind,
        SessionRow.number > session_row.number,
        *_GIVEN,
    )
    return list(session.scalars(statement.order_by(SessionRow.number).with_for_update()))
