"""Tries parked lines again, each in a transaction of its own and strictly in the order of the line."""

from collections.abc import Collection
from typing import NamedTuple

from shared.contracts.registry import Undecodable
from shared.kernel.clock import machine_now, monotonic
from shared.kernel.people import the_service
from shared.messaging import inbox, parking
from shared.messaging.batch import Applier
from shared.messaging.failures import is_infrastructure
from shared.messaging.letter import open_letter
from shared.messaging.parking import ParkedRow, ParkedState, Standing
from shared.observability import metrics
from shared.store.unit_of_work import UnitOfWork

# what other patients' events wait for at most, but for the one handler under way
RETRY_SECONDS = 0.005
_LINES_A_PASS = 20
_EVENTS_A_TRANSACTION = 20


class Retried(NamedTuple):
    """What a pass came to: events `applied`, and whether what is due was left to the next one."""

    applied: int
    more: bool


def retry_parked(applier: Applier, *, without_topics: Collection[str] = ()) -> Retried:
    """Try what is due by the machine's clock. Raises infrastructure errors.

    After RETRY_SECONDS no other event is begun: other patients' events don't wait for many failures, nor for a long
    line. `without_topics` are those that a bad release has stopped: their attempts must not be used up by it.
    """
    topics = applier.handlers.keys() - set(without_topics)
    with _unit(applier, read_only=True) as uow:
        lines = parking.due_lines(
            uow.session, applier.service, topics, at=machine_now(), rules=applier.retry, limit=_LINES_A_PASS
        )
    until = monotonic() + RETRY_SECONDS
    applied, more = 0, len(lines) == _LINES_A_PASS
    for number, (topic, key) in enumerate(lines, start=1):
        retried = _retry_line(applier, topic, key, until=until)
        applied, more = applied + retried.applied, more or retried.more
        if monotonic() >= until:
            more = more or number < len(lines)
            break
    return Retried(applied, more)


def _retry_line(applier: Applier, topic: str, key: str, *, until: float) -> Retried:
    applied = 0
    with _unit(applier) as uow:
        session = uow.session
        # the same lock that the consumer takes: nobody adds to the line while it is worked off
        last = inbox.lock_positions(session, applier.service, topic, {key}).get(key, 0)
        front = parking.front_of(session, applier.service, topic, key, limit=_EVENTS_A_TRANSACTION)
        # a head that another process has just tried, or that is dead, is left alone
        if not front or not applier.retry.is_due(front[0].next_attempt_at, at=machine_now()):
            return Retried(0, more=False)
        done: list[int] = []
        for parked in front:
            if parked.key_seq > last:
                standing = _gap() if parked.key_seq > last + 1 else _attempt(applier, uow, parked)
                if standing is not None:
                    parking.set_standing(session, parked.parked_id, standing)
                    break
                last, applied = parked.key_seq, applied + 1
            done.append(parked.parked_id)
            if monotonic() >= until:
                break
        parking.release(session, done)
        # nothing but time or the limit ended it, or the line itself did
        gave_way = done[-1:] == [parked.parked_id]
        more = gave_way and parking.wake_head(session, applier.service, topic, key, at=machine_now())
        if applied:
            inbox.save_positions(session, applier.service, topic, {key: last})
    if applied:
        metrics.APPLIED.labels(applier.service, topic).inc(applied)
        applier.counts.add(topic, applied=applied)
    return Retried(applied, more)


def _attempt(applier: Applier, uow: UnitOfWork, parked: ParkedRow) -> Standing | None:
    """None when the event is applied, else how it stands now. Raises infrastructure errors."""
    try:
        letter = open_letter(parked.topic, parked.key, parked.headers, parked.payload)
    except Undecodable:
        return Standing(ParkedState.DEAD, "undecodable", parked.attempts, None)
    try:
        applier.run_handler(uow, letter)
    except Exception as error:
        if is_infrastructure(error):
            raise
        return applier.standing_after(error, letter, attempts=parked.attempts + 1)
    return None


def _gap() -> Standing:
    return Standing(ParkedState.GAP, "gap", 0, None)


def _unit(applier: Applier, *, read_only: bool = False) -> UnitOfWork:
    return UnitOfWork(applier.engine, actor=the_service(applier.service), correlation_id="", read_only=read_only)
