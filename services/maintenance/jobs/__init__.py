"""What maintenance does by itself when its time comes."""

from services.maintenance.deps import Deps
from services.maintenance.jobs import call_next, follow_plans
from shared.messaging.jobs import Job


def jobs(deps: Deps) -> tuple[Job, ...]:
    return (call_next.job(deps), follow_plans.job(deps))
