"""A booster that maintenance asks the desk to call for."""

from enum import StrEnum


class PlanWord(StrEnum):
    """What maintenance last said about a cycle."""

    DUE = "due"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"


class BoosterState(StrEnum):
    """What the desk sees: maintenance's word, and whether a session is booked for it."""

    DUE = "due"
    BOOKED = "booked"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"


class Booking(StrEnum):
    NONE = "none"
    STANDS = "stands"


# maintenance still wants these given
OPEN_WORDS = (PlanWord.DUE, PlanWord.HELD)


def state_of(word: PlanWord, booking: Booking) -> BoosterState:
    """A booking only shows on a cycle that is due: a hold, a withdrawal and a fulfilment say more than it."""
    if word is PlanWord.DUE and booking is Booking.STANDS:
        return BoosterState.BOOKED
    return BoosterState(word.value)
