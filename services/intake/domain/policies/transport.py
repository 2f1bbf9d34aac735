"""Nobody is dosed before it is settled who takes them home. There is no override.

Source: docs/clinical/transport-before-dosing.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake.domain.transport import Grown, Transport
from shared.kernel.decision import Decision, Reason

TRANSPORT_MISSING = "transport-missing"
TRANSPORT_NOT_ADULT = "transport-not-adult"
TRANSPORT_UNCONFIRMED = "transport-unconfirmed"
TRANSPORT_STALE = "transport-stale"


@dataclass(frozen=True, slots=True)
class TransportRules:
    """`max_confirmation_age` is elapsed time from their word to the session's start, inclusive. A session that starts
    up to `max_late_start` after its booked start, inclusive, is still measured from the booked start."""

    max_confirmation_age: timedelta = timedelta(hours=24)
    max_late_start: timedelta = timedelta(hours=4)

    def __post_init__(self) -> None:
        if self.max_confirmation_age <= timedelta() or self.max_late_start < timedelta():
            raise ValueError("max_confirmation_age must be above 0, max_late_start not below")


def decide_transport(
    transport: Transport | None, rules: TransportRules, *, starts_at: datetime, now: datetime
) -> Decision:
    """Decide whether the way home is settled well enough to give a dose now.

    `starts_at` is the booked start. Unknown is not settled: an age nobody has said and a word nobody has got block.
    """
    if transport is None:
        return Decision(
            (
                Reason(
                    TRANSPORT_MISSING,
                    "Nobody is named to take the patient home. Add an escort or a ride, and confirm it.",
                ),
            )
        )
    return Decision((*_age(transport), *_word(transport, rules, starts_at=starts_at, now=now)))


def _age(transport: Transport) -> tuple[Reason, ...]:
    match transport.grown:
        case Grown.ADULT:
            return ()
        case Grown.MINOR:
            message = "The escort is under 18. Find an adult."
        case Grown.NOT_SAID:
            message = "Nobody has said whether the escort is an adult. Ask, and record it."
    return (Reason(TRANSPORT_NOT_ADULT, message),)


def _word(transport: Transport, rules: TransportRules, *, starts_at: datetime, now: datetime) -> tuple[Reason, ...]:
    if transport.confirmed_at is None:
        return (
            Reason(TRANSPORT_UNCONFIRMED, "Nobody has their word yet. Call them, then record when they confirmed."),
        )
    late = now - starts_at > rules.max_late_start
    start = now if late else min(starts_at, now)
    if transport.confirmed_at < start - rules.max_confirmation_age:
        hours = int(rules.max_confirmation_age.total_seconds() // 3600)
        message = f"Their last word is more than {hours} h older than the session. Call them again today."
        return (Reason(TRANSPORT_STALE, message),)
    return ()
