"""What a person does with a parked line: try its head at once, or give something up so that the line goes on.

Both lock the key's position first, as the consumer and the retries do: nobody works on the line meanwhile.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from shared.kernel.errors import NotFound, WrongState
from shared.messaging import discarded, inbox, parking
from shared.messaging.discarded import Discarded
from shared.messaging.parked_lines import ParkedId
from shared.messaging.parking import ParkedRow, ParkedState, Standing, parked_event
from shared.store.sealing import Sealer


class GivenUp(StrEnum):
    """EVENT: the parked event itself. MISSING: those before it that never arrived; it is applied then."""

    EVENT = "event"
    MISSING = "missing"


def retry_now(session: Session, consumer: str, place: ParkedId, *, at: datetime) -> None:
    """Let the head of a line be tried at `at` (machine time), dead or not; safe to repeat.

    Raises NotFound, or WrongState when it waits for one that hasn't arrived: trying it can't help.
    """
    head, last = _locked_head(session, consumer, place)
    if head.key_seq > last + 1:
        raise WrongState(
            f"Event {last + 1} of this key has not arrived: trying the one after it can’t help. Replay the topic, "
            "or give up what is missing.",
            code="gap",
        )
    state = ParkedState.FAILING if head.state is ParkedState.DEAD else head.state
    session.execute(
        update(parked_event).where(parked_event.c.parked_id == head.parked_id).values(state=state, next_attempt_at=at)
    )


def discard(
    session: Session,
    consumer: str,
    place: ParkedId,
    what: GivenUp,
    *,
    why: str,
    by: str,
    at: datetime,
    sealer: Sealer,
) -> Discarded:
    """Give up the head of a line, or what is missing before it. The rest of the line goes on by itself.

    An event is kept sealed. The key's position moves past what was given up, so that it is never waited for again;
    only an event behind a gap leaves the position where it is. Raises NotFound, and WrongState (also when it was given
    up before).
    """
    head, last = _locked_head(session, consumer, place)
    missing = head.key_seq > last + 1
    if what is GivenUp.MISSING and not missing:
        raise WrongState("Nothing is missing before this event.", code="nothing-missing")
    given_up = Discarded(
        topic=place.topic,
        key=place.key,
        first_seq=head.key_seq if what is GivenUp.EVENT else last + 1,
        last_seq=head.key_seq if what is GivenUp.EVENT else head.key_seq - 1,
        event_id=head.headers.get("ce_id") if what is GivenUp.EVENT else None,
        reason=head.reason if what is GivenUp.EVENT else "never-arrived",
        attempts=head.attempts if what is GivenUp.EVENT else 0,
        discarded_at=at,
        discarded_by=by,
        why=why,
    )
    if what is GivenUp.EVENT:
        discarded.keep(session, consumer, given_up, sealer=sealer, headers=head.headers, payload=head.payload)
        parking.release(session, [head.parked_id])
    else:
        discarded.keep_missing(session, consumer, given_up)
        parking.set_standing(session, head.parked_id, Standing(ParkedState.BEHIND, "behind", 0, at))
    if what is GivenUp.MISSING or not missing:
        inbox.save_positions(session, consumer, place.topic, {place.key: max(last, given_up.last_seq)})
    parking.wake_head(session, consumer, place.topic, place.key, at=at)
    return given_up


def _locked_head(session: Session, consumer: str, place: ParkedId) -> tuple[ParkedRow, int]:
    """The head at `place` and the last applied number of its key, locked to the end of the transaction."""
    last = inbox.lock_positions(session, consumer, place.topic, {place.key}).get(place.key, 0)
    head = parking.head_of(session, consumer, place.topic, place.key)
    if head is not None and head.key_seq == place.seq:
        return head, last
    before = discarded.find(session, consumer, place.topic, place.key, place.seq)
    if before is not None:
        raise WrongState(f"{before.discarded_by} has discarded this event before.", code="already-discarded")
    if head is not None and head.key_seq < place.seq:
        raise WrongState(f"Event {head.key_seq} of this key comes first: see to that one.", code="not-first")
    raise NotFound("There is no such parked event: it may have been applied meanwhile.")
