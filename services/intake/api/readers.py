"""Who may read names on boards and lists."""

from shared.kernel.people import Actor, Role

_NAMES = (Role.FRONT_DESK, Role.NURSE, Role.PRESCRIBER, Role.MEDICAL_DIRECTOR)


def may_read_names(actor: Actor) -> bool:
    """Operations sees how the day runs, not whose day it is."""
    return actor.has(*_NAMES)
