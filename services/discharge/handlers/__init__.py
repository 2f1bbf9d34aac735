"""What discharge does with each event that it consumes."""

from functools import partial
from typing import cast

from services.discharge.deps import Deps
from services.discharge.handlers import session_completed
from shared.messaging.letter import Handler


def handlers(deps: Deps) -> dict[str, Handler]:
    """Topic → what to do with an event of it, inside the consumer's transaction."""
    return {"session-completed": cast(Handler, partial(session_completed.handle, deps))}
