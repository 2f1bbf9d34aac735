"""Tells the desk whom to call for a booster, and takes back what no longer holds."""

from datetime import date, datetime

from services.maintenance.domain.plan import Plan, Standing
from services.maintenance.domain.policies.calling import Call, CallState, calls_to_make
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import booster_calls
from services.maintenance.store.tables import BoosterCallRow, CourseRow, PlanRow
from services.maintenance.use_cases.course_facts import Gathered
from shared.contracts.booster_due import BoosterDue, BoosterReason, BoosterState
from shared.messaging.outbox import publish
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork

_OPEN = (CallState.DUE, CallState.HELD)


def call_the_desk(
    uow: UnitOfWork,
    plan: PlanRow,
    gathered: Gathered,
    standing: Standing,
    became: Plan,
    *,
    today: date,
    rules: MaintenanceRules,
    now: datetime,
) -> None:
    """Publish what has to be said of this course's cycles, and take back what was said of earlier courses."""
    by_plan = {course.plan_id: course for course in gathered.courses}
    rows = booster_calls.of_plans(uow.session, by_plan)
    current = gathered.course_row
    for row in rows:
        if row.state in _OPEN and (current is None or row.plan_id != current.plan_id):
            # a course that is no longer followed calls nobody
            course = by_plan[row.plan_id]
            closed = Call(row.cycle, row.due_on, row.interval_days, row.reason, CallState.WITHDRAWN)
            _say(uow, plan, course, row, closed, rules=rules, now=now)
    if current is None:
        return
    own = {row.cycle: row for row in rows if row.plan_id == current.plan_id}
    said = [Call(cycle, row.due_on, row.interval_days, row.reason, row.state) for cycle, row in own.items()]
    for call in calls_to_make(today, became, standing, said, rules.calling):
        _say(uow, plan, current, own.get(call.cycle), call, rules=rules, now=now)


def _say(
    uow: UnitOfWork,
    plan: PlanRow,
    course: CourseRow,
    row: BoosterCallRow | None,
    call: Call,
    *,
    rules: MaintenanceRules,
    now: datetime,
) -> None:
    if row is None:
        row = BoosterCallRow(plan_id=course.plan_id, cycle=call.cycle, revision=0)
        uow.session.add(row)
    row.due_on, row.interval_days, row.reason, row.state = call.due_on, call.interval_days, call.reason, call.state
    row.revision += 1
    row.said_at = now
    publish(
        uow,
        BoosterDue(
            plan_id=course.plan_id,
            patient_id=plan.patient_id,
            site_id=plan.site_id,
            course_id=course.course_id,
            cycle=call.cycle,
            due_on=call.due_on,
            lead_days=rules.calling.lead_days,
            interval_days=call.interval_days,
            reason=BoosterReason(call.reason.value),
            state=BoosterState(call.state.value),
            revision=row.revision,
        ),
        now=now,
    )
    audit.wrote(
        uow, "booster-call-told", at=now, patient_id=plan.patient_id, record_id=course.plan_id, site_id=plan.site_id
    )
