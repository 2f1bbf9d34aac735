"""Follows a patient's facts anew and makes everything that depends on them true: file, history, alerts, calls."""

from datetime import date, datetime, timedelta

from services.maintenance.domain.escalations import EscalationState
from services.maintenance.domain.plan import Alert, Plan, PlanState, Standing
from services.maintenance.domain.policies.calling import Call, CallState, announce_on, calls_to_make
from services.maintenance.domain.policies.following import follow
from services.maintenance.domain.policies.planning import plan_on
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import booster_calls, plans
from services.maintenance.store.tables import BoosterCallRow, CourseRow, PlanChangeRow, PlanRow
from services.maintenance.use_cases.course_facts import Gathered, gather
from services.maintenance.use_cases.raise_escalation import raise_escalation
from shared.contracts.booster_due import BoosterDue, BoosterReason, BoosterState
from shared.kernel.sites import Site, Sites
from shared.messaging.outbox import publish
from shared.store.unit_of_work import UnitOfWork

_OPEN = (CallState.DUE, CallState.HELD)


def take_order(plan: PlanRow, *, now: datetime) -> int:
    """The next place in the patient's order of facts. The file's version grows with it."""
    plan.facts += 1
    plan.updated_at = now
    return plan.facts


def replan(uow: UnitOfWork, plan: PlanRow, *, rules: MaintenanceRules, sites: Sites, now: datetime) -> None:
    """Bring the locked `plan` up to its facts at `now`. Safe to repeat: says and raises nothing twice."""
    gathered = gather(uow, plan)
    site = sites[gathered.site_id]
    today = site.local_day(now)
    standing = follow(gathered.course, rules.ladder)
    unresolved = _raise_alerts(uow, plan, gathered, standing, rules=rules, now=now)
    became = plan_on(today, gathered.course, standing, unresolved)
    _keep(uow, plan, gathered, standing, became, rules=rules, now=now)
    said = _call_the_desk(uow, plan, gathered, standing, became, today=today, rules=rules, now=now)
    plan.wake_at = _wake_at(site, today, became, said, rules)


def _raise_alerts(
    uow: UnitOfWork,
    plan: PlanRow,
    gathered: Gathered,
    standing: Standing,
    *,
    rules: MaintenanceRules,
    now: datetime,
) -> frozenset[Alert]:
    """Raise what runs of the ladder ask for and nobody has been asked yet; what is unresolved after that."""
    known = {Alert(row.kind, row.cause): row for row in gathered.escalations}
    unresolved = {alert for alert, row in known.items() if row.state is not EscalationState.RESOLVED}
    for alert in dict.fromkeys(standing.alerts):
        if alert not in known:
            raise_escalation(uow, plan, alert.kind, alert.cause, site_id=gathered.site_id, rules=rules, now=now)
            unresolved.add(alert)
    return frozenset(unresolved)


def _keep(
    uow: UnitOfWork,
    plan: PlanRow,
    gathered: Gathered,
    standing: Standing,
    became: Plan,
    *,
    rules: MaintenanceRules,
    now: datetime,
) -> None:
    plan.course_id = None if gathered.course_row is None else gathered.course_row.course_id
    plan.site_id = gathered.site_id
    plan.sessions_done = standing.sessions_done
    plan.state = became.state
    plan.cycle = became.cycle
    plan.interval_days = became.interval_days
    plan.due_on = became.due_on
    plan.rule = became.rule
    plan.explanation = became.explanation
    plan.policy_version = rules.ladder.version
    last = plans.last_change(uow.session, plan.patient_id)
    if last is None or _tells_other(last, plan):
        plan.updated_at = now
        uow.session.add(
            PlanChangeRow(
                patient_id=plan.patient_id,
                at=now,
                state=plan.state,
                cycle=plan.cycle,
                interval_days=plan.interval_days,
                due_on=plan.due_on,
                rule=plan.rule,
                explanation=plan.explanation,
                policy_version=plan.policy_version,
            )
        )


def _tells_other(last: PlanChangeRow, plan: PlanRow) -> bool:
    before = (last.state, last.cycle, last.interval_days, last.due_on, last.rule, last.explanation)
    return before != (plan.state, plan.cycle, plan.interval_days, plan.due_on, plan.rule, plan.explanation)


def _call_the_desk(
    uow: UnitOfWork,
    plan: PlanRow,
    gathered: Gathered,
    standing: Standing,
    became: Plan,
    *,
    today: date,
    rules: MaintenanceRules,
    now: datetime,
) -> list[Call]:
    """Publish what has to be said; what has been said of this course's cycles after that."""
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
        return []
    own = {row.cycle: row for row in rows if row.plan_id == current.plan_id}
    said = {cycle: Call(cycle, r.due_on, r.interval_days, r.reason, r.state) for cycle, r in own.items()}
    for call in calls_to_make(today, became, standing, tuple(said.values()), rules.calling):
        _say(uow, plan, current, own.get(call.cycle), call, rules=rules, now=now)
        said[call.cycle] = call
    return list(said.values())


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


def _wake_at(site: Site, today: date, became: Plan, said: list[Call], rules: MaintenanceRules) -> datetime | None:
    """The next instant at which time alone changes the plan: a call to make, an override that ends."""
    days = []
    announce = announce_on(became, rules.calling)
    if announce is not None and announce > today and became.state is not PlanState.HOLD:
        days.append(announce)
    if became.override is not None:
        days.append(became.override.expires_on + timedelta(days=1))
    return min((site.day_bounds(day)[0] for day in days), default=None)
