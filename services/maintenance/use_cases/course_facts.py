"""Gathers a patient's facts from the store, as the policies read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.maintenance.domain.facts import (
    Course,
    Hold,
    Indication,
    Override,
    Schedule,
    Score,
    Session,
)
from services.maintenance.store import assessments, courses, escalations, overrides
from services.maintenance.store.tables import (
    AssessmentRow,
    CourseRow,
    EscalationRow,
    OverrideRow,
    PlanRow,
    SessionRow,
)
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Gathered:
    """`course_row` is None while no session has told of a course. `courses` are all of the patient's, this one too.

    `site_id` is where the patient was treated last.
    """

    course: Course
    course_row: CourseRow | None
    courses: Sequence[CourseRow]
    escalations: Sequence[EscalationRow]
    site_id: str


def gather(uow: UnitOfWork, plan: PlanRow) -> Gathered:
    """Everything the plan follows: the course whose session was given last, with the patient's scores and holds."""
    uow.session.flush()
    sessions = courses.sessions_of(uow.session, plan.patient_id)
    known = courses.of_patient(uow.session, plan.patient_id)
    latest = max((s for s in sessions if s.stands), key=lambda s: (s.ended_at, s.order), default=None)
    latest = latest or (sessions[-1] if sessions else None)
    row = next((c for c in known if latest is not None and c.course_id == latest.course_id), None)
    raised = escalations.of_patient(uow.session, plan.patient_id)
    course = Course(
        schedule=Schedule.LADDER if row is None else row.schedule,
        indication=Indication.RECORDED if row is None else row.indication,
        planned_sessions=None if row is None else row.planned_sessions,
        sessions=_sessions(sessions, None if row is None else row.course_id),
        scores=_scores(assessments.phq9_of(uow.session, plan.patient_id)),
        holds=_holds(raised),
        overrides=_overrides(overrides.of_patient(uow.session, plan.patient_id), row),
    )
    return Gathered(course, row, known, raised, plan.site_id if latest is None else latest.site_id)


def _sessions(rows: Iterable[SessionRow], course_id: UUID | None) -> tuple[Session, ...]:
    return tuple(
        Session(
            session_id=row.session_id,
            kind=row.kind,
            number=row.number,
            stands=row.stands,
            booster_cycle=row.booster_cycle,
            started_at=row.started_at,
            ended_at=row.ended_at,
            day=row.day,
            order=row.order,
        )
        for row in rows
        if row.course_id == course_id
    )


def _scores(rows: Iterable[AssessmentRow]) -> tuple[Score, ...]:
    return tuple(
        Score(
            assessment_id=row.assessment_id,
            total=row.score,
            item_9=row.suicide_answer or 0,
            taken_at=row.taken_at,
            recorded_at=row.recorded_at,
            order=row.order,
        )
        for row in rows
    )


def _holds(rows: Iterable[EscalationRow]) -> tuple[Hold, ...]:
    return tuple(Hold(row.cause, row.resolved_at, row.resolved_order) for row in rows if row.holds)


def _overrides(rows: Iterable[OverrideRow], course: CourseRow | None) -> tuple[Override, ...]:
    return tuple(
        Override(row.override_id, row.interval_days, row.expires_on, row.order)
        for row in rows
        if row.order is not None and course is not None and row.course_id == course.course_id
    )
