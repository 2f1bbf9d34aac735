"""Counts a completed session, or takes in its correction."""

from datetime import datetime

from services.maintenance.domain.facts import Indication, Schedule, SessionKind
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import courses, plans
from services.maintenance.store.tables import CourseRow, PlanRow, SessionRow
from services.maintenance.use_cases.replan import replan, take_order
from services.maintenance.use_cases.site_named import site_named
from shared.contracts.session_completed import Product, SessionCompleted, SessionStatus
from shared.kernel.ids import new_id
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


class PatientChanged(ValueError):
    """A chart would change hands: the event is parked, for a person to look at."""


def count_session(
    uow: UnitOfWork, event: SessionCompleted, *, rules: MaintenanceRules, sites: Sites, now: datetime
) -> None:
    """Take in `event` unless a revision as high is known; the plan follows. Safe to repeat.

    A correction keeps the session's place in the patient's order, so that the ladder runs as if it had been told
    rightly at once. Raises UnknownSite and PatientChanged.
    """
    site = site_named(event.site_id, sites)
    row = courses.find_session(uow.session, event.session_id)
    if row is not None and row.patient_id != event.patient_id:
        raise PatientChanged("a session’s correction names another patient")
    if row is not None and row.revision >= event.revision:
        return
    plan = plans.open_file(uow.session, event.patient_id, site_id=event.site_id, now=now)
    plans.name_site(uow.session, plan, event.site_id, now=now)
    _keep_course(uow, plan, event)
    order = take_order(plan, now=now)
    action = "session-counted" if row is None else "session-corrected"
    if row is None:
        row = SessionRow(session_id=event.session_id, patient_id=event.patient_id, order=order)
        uow.session.add(row)
    row.course_id = event.course_id
    row.site_id = event.site_id
    row.kind = SessionKind(event.kind.value)
    row.number = event.number
    row.stands = event.status is SessionStatus.FINAL
    row.booster_cycle = event.booster_cycle
    row.started_at = event.administration_started_at
    row.ended_at = event.administration_ended_at
    row.day = site.local_day(event.administration_ended_at)
    row.revision = event.revision
    replan(uow, plan, rules=rules, sites=sites, now=now)
    audit.wrote(uow, action, at=now, patient_id=plan.patient_id, record_id=row.session_id, site_id=row.site_id)


def _keep_course(uow: UnitOfWork, plan: PlanRow, event: SessionCompleted) -> None:
    """What the latest event of a course says of it holds: a planning change comes with its last session."""
    course = courses.find(uow.session, event.course_id)
    if course is not None and course.patient_id != plan.patient_id:
        raise PatientChanged("a course’s session names another patient")
    if course is None:
        course = CourseRow(course_id=event.course_id, patient_id=plan.patient_id, plan_id=new_id())
        uow.session.add(course)
    course.planned_sessions = event.planned_sessions
    # the ladder is for racemic ketamine only: esketamine follows its own label
    esketamine = event.product is Product.ESKETAMINE_NASAL
    course.schedule = Schedule.OWN_LABEL if esketamine else Schedule.LADDER
    course.indication = Indication.RECORDED if event.indication_recorded else Indication.MISSING
    uow.session.flush()
