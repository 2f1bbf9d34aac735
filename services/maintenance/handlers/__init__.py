"""What maintenance does when other services tell it something: topic → handler."""

from functools import partial

from services.maintenance.deps import Deps
from services.maintenance.handlers import journal_submitted, session_completed
from shared.messaging.letter import Handlers, SetHandler


def handlers(deps: Deps) -> Handlers:
    return {
        "session-completed": partial(session_completed.handle, deps),
        "journal-submitted": SetHandler(partial(journal_submitted.handle, deps)),
    }
