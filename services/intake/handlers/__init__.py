"""What intake does when a fact arrives: one file an event."""

from functools import partial

from services.intake.deps import Deps
from services.intake.handlers import booster_due, discharge_cleared
from shared.messaging.letter import Handler


def handlers(deps: Deps) -> dict[str, Handler]:
    """By topic."""
    return {
        "discharge-cleared": partial(discharge_cleared.handle, deps),
        "booster-due": partial(booster_due.handle, deps),
    }
