"""What maintenance does when other services tell it something: topic → handler."""

from functools import partial

from services.maintenance.deps import Deps
from services.maintenance.handlers import journal_submitted, session_completed
from shared.messaging.letter import Handler


def handlers(deps: Deps) -> dict[str, Handler]:
    return {
        "session-completed": partial(session_completed.handle, deps),
        "journal-submitted": partial(journal_submitted.handle, deps),
    }
