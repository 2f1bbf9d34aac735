"""What integration does when other services tell it something: topic → handler."""

from functools import partial

from services.integration.deps import Deps
from services.integration.handlers import discharge_cleared
from shared.messaging.letter import Handler


def handlers(deps: Deps) -> dict[str, Handler]:
    return {"discharge-cleared": partial(discharge_cleared.handle, deps)}
