"""Change how many sessions a course is planned for, or close it."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.policies.planning import check_planned
from services.intake.domain.rules import IntakeRules
from services.intake.domain.sessions import SessionKind
from services.intake.store import changes, courses
from services.intake.store.tables import CourseRow
from services.intake.use_cases.announce import announce_again
from shared.kernel.errors import Invalid
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanCourse:
    """The whole planning of a course; `closed_reason` None: open for further inductions."""

    planned_sessions: int
    closed_reason: str | None


def plan_course(
    uow: UnitOfWork, row: CourseRow, command: PlanCourse, *, sites: Sites, rules: IntakeRules, now: datetime
) -> None:
    """Replace the planning of `row`, which the caller holds locked.

    The last completed session is published once more, so that maintenance learns how many are planned: with fewer,
    it may already have been the last.
    """
    completed = courses.completed_count(uow.session, row.course_id, SessionKind.INDUCTION)
    if found := check_planned(command.planned_sessions, rules.planning, completed=completed):
        raise Invalid(*found)
    old = PlanCourse(planned_sessions=row.planned_sessions, closed_reason=row.closed_reason)
    changes.keep(uow, record_id=row.course_id, what="planning", old=old, new=command, reason=None, now=now)
    row.planned_sessions = command.planned_sessions
    row.closed_reason = command.closed_reason
    touch(row, now=now)
    last = courses.last_completed(uow.session, row.course_id)
    if last is not None:
        announce_again(uow, last, row, sites=sites, now=now)
    uow.session.flush()
    audit.wrote(uow, "course-planned", at=now, patient_id=row.patient_id, record_id=row.course_id, site_id=row.site_id)
