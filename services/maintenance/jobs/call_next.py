"""Calls the next on call when nobody has acknowledged in time."""

from services.maintenance.deps import Deps
from services.maintenance.store import escalations
from services.maintenance.use_cases.call_next import call_next
from shared.messaging.jobs import Job


def job(deps: Deps) -> Job:
    return Job(
        name="call-next-on-call",
        next_due=lambda uow: escalations.next_call(uow.session),
        run=lambda uow, now: call_next(uow, rules=deps.rules, now=now),
    )
