"""What today's board says beside a session: the light on the way home, and what is in the way.

Source: docs/clinical/transport-before-dosing.md.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.intake.domain.boosters import PlanWord
from services.intake.domain.policies.start import ON_HOLD, decide_start
from services.intake.domain.policies.transport import (
    TRANSPORT_MISSING,
    TRANSPORT_NOT_ADULT,
    TransportRules,
    decide_transport,
)
from services.intake.domain.sessions import BEFORE_DOSE, SessionKind, SessionState
from services.intake.domain.transport import Transport


class Light(StrEnum):
    """Red: nobody can take them home. Amber: somebody must act. Green: settled."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class ChairNow(StrEnum):
    """Whether another patient sits in the chair that a session is booked on."""

    FREE = "free"
    OCCUPIED = "occupied"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A session as the board judges it. `booster` is maintenance's word on the patient's open cycle, None without."""

    state: SessionState
    kind: SessionKind
    starts_at: datetime
    transport: Transport | None
    booster: PlanWord | None
    chair: ChairNow
    chair_name: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something in the way, in words for the desk. `code` is stable."""

    code: str
    message: str


def light_of(
    transport: Transport | None, rules: TransportRules, *, starts_at: datetime, now: datetime
) -> tuple[Light, str]:
    """The light and its reason. An arrival time nobody has given is amber, though it doesn't stop a start."""
    decision = decide_transport(transport, rules, starts_at=starts_at, now=now)
    if not decision.met:
        worst = decision.reasons[0]
        red = worst.code in {TRANSPORT_MISSING, TRANSPORT_NOT_ADULT}
        return (Light.RED if red else Light.AMBER), worst.message
    if transport is not None and transport.arrives_at is None:
        return Light.AMBER, "Confirmed, with no arrival time yet."
    return Light.GREEN, "Confirmed."


def obstacles_of(waiting: Waiting, rules: TransportRules, *, now: datetime) -> tuple[Obstacle, ...]:
    """What keeps a session from starting, worst first; nothing once it is dosed, cancelled or missed.

    "Can't start" is said of what the start will refuse; the rest are next steps.
    """
    if waiting.state not in BEFORE_DOSE:
        return ()
    decision = decide_start(
        waiting.transport, waiting.booster, rules, kind=waiting.kind, starts_at=waiting.starts_at, now=now
    )
    found = [Obstacle(reason.code, f"Can’t start: {_lowered(reason.message)}") for reason in decision.reasons]
    if waiting.state is SessionState.STARTED:
        # the start was allowed when it was made; what has aged since is no news
        found = [obstacle for obstacle in found if obstacle.code == ON_HOLD]
    elif waiting.chair is ChairNow.OCCUPIED:
        found.append(Obstacle("chair-occupied", f"Nurse next, once {waiting.chair_name} is free."))
    if decision.met and waiting.transport is not None and waiting.transport.arrives_at is None:
        found.append(Obstacle("arrival-unknown", "Ask when they will be here to take the patient home."))
    return tuple(found)


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
