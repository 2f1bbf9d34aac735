"""What stands parked and what is in quarantine, as operators see it: ids, codes and places, never content."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from shared.contracts.registry import REGISTRY
from shared.kernel.errors import NotFound
from shared.messaging.inbox import key_position
from shared.messaging.parking import ParkedState, parked_event
from shared.messaging.quarantine import quarantine

_LARGEST = 2**63 - 1


class ParkedId(NamedTuple):
    """One event's place in one patient's line: `booster-due.<patient id>.4`. It never names another event later."""

    topic: str
    key: str
    seq: int

    def __str__(self) -> str:
        return f"{self.topic}.{self.key}.{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "ParkedId":
        """Raises NotFound."""
        topic, _, rest = text.partition(".")
        key, _, seq = rest.rpartition(".")
        ours = any(contract.topic == topic for contract in REGISTRY)
        if (
            not ours
            or not key
            or len(key) > 64
            or not (seq.isascii() and seq.isdigit() and len(seq) < 20 and int(seq) <= _LARGEST)
        ):
            raise NotFound("There is no such parked event.")
        return cls(topic, key, int(seq))


@dataclass(frozen=True, slots=True)
class ParkedHead:
    """The first event of a parked line; `waiting` are parked behind it. `applied_seq` is the last applied of its key.

    `offset` is its place in `partition`; instants are machine time. `field_names` are of the payload; no value is.
    """

    number: int
    place: ParkedId
    event_id: str
    type: str
    site_id: str
    correlation_id: str
    state: ParkedState
    reason: str
    attempts: int
    next_attempt_at: datetime | None
    parked_at: datetime
    partition: int
    offset: int
    waiting: int
    applied_seq: int
    payload_bytes: int
    field_names: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many events before it have not arrived."""
        return max(0, self.place.seq - self.applied_seq - 1)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that is no readable event, sealed. `reason` names headers and fields, never what they held."""

    quarantine_id: int
    topic: str
    partition: int
    offset: int
    reason: str
    sealed_bytes: int
    received_at: datetime


def heads(session: Session, consumer: str, *, beyond: int | None, limit: int) -> list[ParkedHead]:
    """The heads of parked lines, oldest first, from beyond the one with `number` `beyond` on."""
    query = _heads(consumer).order_by(parked_event.c.parked_id).limit(limit)
    if beyond is not None:
        query = query.where(parked_event.c.parked_id > beyond)
    return [_head(row) for row in session.execute(query)]


def find(session: Session, consumer: str, place: ParkedId) -> ParkedHead:
    """The head of a line, when it is at `place`. Raises NotFound."""
    query = _heads(consumer).where(
        parked_event.c.topic == place.topic, parked_event.c.key == place.key, parked_event.c.key_seq == place.seq
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such parked event at the head of its line.")
    return _head(row)


def quarantined(session: Session, consumer: str, *, beyond: int | None, limit: int) -> list[Quarantined]:
    """What is in quarantine, newest first, from beyond the `quarantine_id` `beyond` on."""
    query = _quarantined(consumer).order_by(quarantine.c.quarantine_id.desc()).limit(limit)
    if beyond is not None:
        query = query.where(quarantine.c.quarantine_id < beyond)
    return [Quarantined(*row) for row in session.execute(query)]


def find_quarantined(session: Session, consumer: str, quarantine_id: int) -> Quarantined:
    """Raises NotFound."""
    if not 0 < quarantine_id <= _LARGEST:
        raise NotFound("There is no such record in quarantine.")
    row = session.execute(_quarantined(consumer).where(quarantine.c.quarantine_id == quarantine_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such record in quarantine.")
    return Quarantined(*row)


def count_quarantined(session: Session, consumer: str) -> int:
    query = select(func.count()).select_from(quarantine).where(quarantine.c.consumer == consumer)
    return session.execute(query).scalar_one()


def _quarantined(consumer: str) -> Select[Any]:
    q = quarantine.c
    return select(
        q.quarantine_id, q.topic, q.partition, q.offset, q.reason, func.length(q.sealed), q.received_at
    ).where(q.consumer == consumer)


def _heads(consumer: str) -> Select[Any]:
    p, k = parked_event.c, key_position.c
    lines = (
        select(p.topic, p.key, func.min(p.key_seq).label("first"), func.count().label("number"))
        .where(p.consumer == consumer)
        .group_by(p.topic, p.key)
        .subquery()
    )
    first = and_(lines.c.topic == p.topic, lines.c.key == p.key, lines.c.first == p.key_seq)
    reached = and_(k.consumer == p.consumer, k.topic == p.topic, k.key == p.key)
    return (
        select(parked_event, (lines.c.number - 1).label("waiting"), func.coalesce(k.last_seq, 0).label("applied_seq"))
        .join(lines, first)
        .outerjoin(key_position, reached)
        .where(p.consumer == consumer)
    )


def _head(row: Row[Any]) -> ParkedHead:
    headers = json.loads(row.headers)
    return ParkedHead(
        number=row.parked_id,
        place=ParkedId(row.topic, row.key, row.key_seq),
        event_id=headers.get("ce_id", ""),
        type=headers.get("ce_type", ""),
        site_id=headers.get("ce_siteid", ""),
        correlation_id=headers.get("ce_correlationid", ""),
        state=row.state,
        reason=row.reason,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        parked_at=row.parked_at,
        partition=row.partition,
        offset=row.offset,
        waiting=row.waiting,
        applied_seq=row.applied_seq,
        payload_bytes=len(row.payload),
        field_names=field_names(row.payload),
    )


def field_names(payload: bytes) -> tuple[str, ...]:
    """The names of a payload's fields; none when it is no JSON object."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return ()
    return tuple(sorted(found)) if isinstance(found, dict) else ()
