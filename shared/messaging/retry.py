"""Tries parked lines again, each in a transaction of its own and strictly in the order of the line."""

from collections.abc import Collection

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

RETRY_SECONDS = 0.02
_LINES_A_PASS = 20
_EVENTS_A_TRANSACTION = 100


def retry_parked(applier: Applier, *, without_topics: Collection[str] = ()) -> int:
    """Try what is due by the machine's clock; the number of events applied. Raises infrastructure errors.

    After RETRY_SECONDS no other line is begun: other patients' events don't wait for many failures. `without_topics`
    are those that a bad release has stopped: their attempts must not be used up by it.
    """
    with _unit(applier, read_only=True) as uow:
        lines = parking.due_lines(
            uow.session,
            applier.service,
            at=machine_now(),
            rules=applier.retry,
            limit=_LINES_A_PASS,
            without_topics=without_topics,
        )
    until = monotonic() + RETRY_SECONDS
    applied = 0
    for topic, key in lines:
        if topic in applier.handlers:
            applied += _retry_line(applier, topic, key)
        if monotonic() >= until:
            break
    return applied


def _retry_line(applier: Applier, topic: str, key: str) -> int:
    applied = 0
    with _unit(applier) as uow:
        session = uow.session
        # the same lock that the consumer takes: nobody adds to the line while it is worked off
        last = inbox.lock_positions(session, applier.service, topic, {key}).get(key, 0)
        for _ in range(_EVENTS_A_TRANSACTION):
            head = parking.head_of(session, applier.service, topic, key)
            # a head that another process has just tried, or that is dead, is left alone
            if head is None or (applied == 0 and not applier.retry.is_due(head.next_attempt_at, at=machine_now())):
                break
            if head.key_seq <= last:
                parking.release(session, head.parked_id)
                continue
            standing = _gap() if head.key_seq > last + 1 else _attempt(applier, uow, head)
            if standing is not None:
                parking.set_standing(session, head.parked_id, standing)
                break
            parking.release(session, head.parked_id)
            last, applied = head.key_seq, applied + 1
        else:
            parking.wake_head(session, applier.service, topic, key, at=machine_now())
        if applied:
            inbox.save_positions(session, applier.service, topic, {key: last})
    if applied:
        metrics.APPLIED.labels(applier.service, topic).inc(applied)
        applier.counts.add(topic, applied=applied)
    return applied


def _attempt(applier: Applier, uow: UnitOfWork, head: ParkedRow) -> Standing | None:
    """None when the event is applied, else how it stands now. Raises infrastructure errors."""
    try:
        letter = open_letter(head.topic, head.key, head.headers, head.payload)
    except Undecodable:
        return Standing(ParkedState.DEAD, "undecodable", head.attempts, None)
    try:
        applier.run_handler(uow, letter)
    except Exception as error:
        if is_infrastructure(error):
            raise
        return applier.standing_after(error, letter, attempts=head.attempts + 1)
    return None


def _gap() -> Standing:
    return Standing(ParkedState.GAP, "gap", 0, None)


def _unit(applier: Applier, *, read_only: bool = False) -> UnitOfWork:
    return UnitOfWork(applier.engine, actor=the_service(applier.service), correlation_id="", read_only=read_only)
