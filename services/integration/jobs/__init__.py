"""What integration does by itself when its time comes."""

from services.integration.deps import Deps
from services.integration.jobs import check_kap, deliver_notifications, send_prompts
from shared.messaging.jobs import Job


def jobs(deps: Deps) -> tuple[Job, ...]:
    return (send_prompts.job(deps), deliver_notifications.job(), check_kap.job())
