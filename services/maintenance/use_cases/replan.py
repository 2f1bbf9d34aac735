"""Follows a patient's facts anew and makes everything that depends on them true: file, history, alerts, calls."""

from datetime import date, datetime, timedelta

from services.maintenance.domain.escalations import EscalationKind, EscalationState
from services.maintenance.domain.plan import Alert, Plan, Standing
from services.maintenance.domain.policies.calling import announce_on
from services.maintenance.domain.policies.following import follow
from services.maintenance.domain.policies.planning import plan_on
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import plans
from services.maintenance.store.tables import PlanChangeRow, PlanRow
from services.maintenance.use_cases.call_the_desk import call_the_desk
from services.maintenance.use_cases.course_facts import Gathered, gather
from services.maintenance.use_cases.raise_escalation import raise_escalation
from shared.kernel.sites import Site, Sites
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def take_order(plan: PlanRow, *, now: datetime) -> int:
    """The next place in the patient's order of facts. The file's version grows with it."""
    plan.facts += 1
    touch(plan, now=now)
    return plan.facts


def replan(uow: UnitOfWork, plan: PlanRow, *, rules: MaintenanceRules, sites: Sites, now: datetime) -> None:
    """Bring the locked `plan` up to its facts at `now`. Safe to repeat: says and raises nothing twice."""
    gathered = gather(uow, plan)
    site = sites[gathered.site_id]
    today = site.local_day(now)
    standing = follow(gathered.course, rules.ladder)
    unresolved = _raise_alerts(uow, plan, gathered, standing, rules=rules, now=now)
    became = plan_on(today, gathered.course, standing, unresolved)
    ask_at = _ask_for_score_at(standing, became, rules)
    if ask_at is not None and ask_at <= now and standing.last_session is not None:
        cause, kind = standing.last_session.session_id, EscalationKind.PRESCRIBER_REVIEW
        raise_escalation(uow, plan.patient_id, kind, cause, site_id=gathered.site_id, rules=rules, now=now)
    _keep(uow, plan, gathered, standing, became, rules=rules, now=now)
    call_the_desk(uow, plan, gathered, standing, became, today=today, rules=rules, now=now)
    wakes = _wakes_at(site, today, became, rules)
    if ask_at is not None and ask_at > now:
        wakes.append(ask_at)
    plan.wake_at = min(wakes, default=None)


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
            kind, cause = alert.kind, alert.cause
            raise_escalation(uow, plan.patient_id, kind, cause, site_id=gathered.site_id, rules=rules, now=now)
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
        touch(plan, now=now)
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
        audit.wrote(
            uow, "plan-changed", at=now, patient_id=plan.patient_id, record_id=plan.patient_id, site_id=plan.site_id
        )


def _tells_other(last: PlanChangeRow, plan: PlanRow) -> bool:
    before = (last.state, last.cycle, last.interval_days, last.due_on, last.rule, last.explanation)
    return before != (plan.state, plan.cycle, plan.interval_days, plan.due_on, plan.rule, plan.explanation)


def _ask_for_score_at(standing: Standing, became: Plan, rules: MaintenanceRules) -> datetime | None:
    """When a prescriber is asked about an interval that no score has come for; None when there is one."""
    if standing.awaits_score_since is None or became.interval_days is not None:
        return None
    return standing.awaits_score_since + rules.escalation.score_awaited_for


def _wakes_at(site: Site, today: date, became: Plan, rules: MaintenanceRules) -> list[datetime]:
    """The coming starts of the site's day that change the plan: a call to make, an override that has ended."""
    days = []
    announce = announce_on(became, rules.calling)
    if announce is not None and announce > today:
        days.append(announce)
    if became.override is not None:
        days.append(became.override.expires_on + timedelta(days=1))
    return [site.day_bounds(day)[0] for day in days]
