"""What the plan is on a day: the ladder's standing with the override in force laid over it."""

from collections.abc import Set
from datetime import date, timedelta

from services.maintenance.domain.explanation import explain_override
from services.maintenance.domain.facts import Course, Override, Schedule
from services.maintenance.domain.plan import Alert, Plan, PlanState, Standing
from services.maintenance.domain.policies.following import override_in_force
from services.maintenance.domain.policies.ladder import Verdict


def plan_on(today: date, course: Course, standing: Standing, unresolved: Set[Alert]) -> Plan:
    """The plan on `today` (the site's day). `unresolved` are the alerts that no person has resolved yet.

    A hold wins over everything; an override changes the interval and never ends a hold.
    """
    override = _override(today, course, standing)
    days = standing.days if override is None else override.interval_days
    last = standing.last_session
    return Plan(
        state=_state(standing, days, unresolved),
        cycle=standing.cycle,
        interval_days=days,
        due_on=None if days is None or last is None else last.day + timedelta(days=days),
        rule=_rule(standing, override),
        explanation=_explanation(standing, override),
        override=override,
    )


def _override(today: date, course: Course, standing: Standing) -> Override | None:
    if standing.cycle == 0 or course.schedule is Schedule.OWN_LABEL:
        return None
    return override_in_force(course.overrides, today)


def _state(standing: Standing, days: int | None, unresolved: Set[Alert]) -> PlanState:
    if standing.held:
        return PlanState.HOLD
    if standing.cycle == 0:
        return PlanState.INDUCTION
    worsening = standing.step is not None and standing.step.verdict in {Verdict.WORSENING, Verdict.RELAPSE}
    if days is None or (worsening and standing.review in unresolved):
        return PlanState.REVIEW
    return PlanState.ACTIVE


def _rule(standing: Standing, override: Override | None) -> int | None:
    if standing.held:
        return 1
    if override is not None or standing.step is None:
        return None
    return standing.step.rule


def _explanation(standing: Standing, override: Override | None) -> str:
    if standing.held or override is None:
        return standing.explanation
    return explain_override(override.interval_days, standing.explanation)
