"""Intake has no work that falls due by itself: urgency is read off the clock whenever somebody looks."""

from services.intake.deps import Deps
from shared.messaging.jobs import Job


def jobs(_: Deps) -> tuple[Job, ...]:
    return ()
