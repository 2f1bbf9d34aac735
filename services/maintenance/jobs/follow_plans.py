"""Announces boosters on their day and lets overrides end, at the start of the site's day."""

from services.maintenance.deps import Deps
from services.maintenance.store import plans
from services.maintenance.use_cases.follow_plans import follow_plans
from shared.messaging.jobs import Job


def job(deps: Deps) -> Job:
    return Job(
        name="follow-plans",
        next_due=lambda uow: plans.next_wake(uow.session),
        run=lambda uow, now: follow_plans(uow, rules=deps.rules, sites=deps.sites, now=now),
    )
