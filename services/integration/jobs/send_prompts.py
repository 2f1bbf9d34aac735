"""Sends prompts when they fall due."""

from services.integration.deps import Deps
from services.integration.store import windows
from services.integration.use_cases.send_prompts import send_prompts
from shared.messaging.jobs import Job


def job(deps: Deps) -> Job:
    return Job(
        name="send-prompts",
        next_due=lambda uow: windows.next_prompt_at(uow.session),
        run=lambda uow, now: send_prompts(uow, rules=deps.rules.prompts, now=now),
    )
