"""Events that a person gave up: kept sealed, with who gave them up, when and why. Nothing is ever deleted silently."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, insert, select
from sqlalchemy.orm import Session

from shared.store.base import Instant, shared_metadata
from shared.store.sealing import Sealer

LONGEST_WHY = 200

discarded_event = Table(
    "discarded_event",
    shared_metadata,
    Column("discarded_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("consumer", String(64), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("key", String(64), nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("event_id", String(64)),
    Column("reason", String(64), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("discarded_at", Instant(), nullable=False),
    Column("discarded_by", String(200), nullable=False),
    Column("why", String(LONGEST_WHY), nullable=False),
    Column("sealed", LargeBinary),
    Index("ix_discarded_event_line", "consumer", "topic", "key"),
)


@dataclass(frozen=True, slots=True)
class Discarded:
    """One event (`first_seq` is `last_seq`), or a run of them that never arrived (`event_id` None).

    `reason` is why it could not be applied, a code; `why` is the person's. `discarded_at` is machine time.
    """

    topic: str
    key: str
    first_seq: int
    last_seq: int
    event_id: str | None
    reason: str
    attempts: int
    discarded_at: datetime
    discarded_by: str
    why: str
    discarded_id: int = 0


def keep(
    session: Session, consumer: str, discarded: Discarded, *, sealer: Sealer, headers: Mapping[str, str], payload: bytes
) -> None:
    """Keep one event's bytes, sealed."""
    plain = json.dumps({"headers": dict(headers), "value": payload.hex()}, separators=(",", ":")).encode()
    _insert(session, consumer, discarded, sealer.seal(plain, bound_to=place_of(consumer, discarded)))


def keep_missing(session: Session, consumer: str, discarded: Discarded) -> None:
    """Keep that events which never arrived aren't waited for any longer: there is nothing to seal."""
    _insert(session, consumer, discarded, None)


def place_of(consumer: str, discarded: Discarded) -> str:
    """What a discarded event's seal is bound to."""
    return f"discarded/{consumer}/{discarded.topic}/{discarded.key}/{discarded.last_seq}"


def find(session: Session, consumer: str, topic: str, key: str, seq: int) -> Discarded | None:
    """The latest decision that gave up event `seq` of that line."""
    row = session.execute(
        select(discarded_event)
        .where(
            discarded_event.c.consumer == consumer,
            discarded_event.c.topic == topic,
            discarded_event.c.key == key,
            discarded_event.c.first_seq <= seq,
            discarded_event.c.last_seq >= seq,
        )
        .order_by(discarded_event.c.discarded_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _discarded(row)


def newest(session: Session, consumer: str, *, beyond: int | None, limit: int) -> list[Discarded]:
    """What was given up, newest first, from beyond the `discarded_id` `beyond` on."""
    query = select(discarded_event).where(discarded_event.c.consumer == consumer)
    if beyond is not None:
        query = query.where(discarded_event.c.discarded_id < beyond)
    rows = session.execute(query.order_by(discarded_event.c.discarded_id.desc()).limit(limit))
    return [_discarded(row) for row in rows]


def _insert(session: Session, consumer: str, discarded: Discarded, sealed: bytes | None) -> None:
    session.execute(
        insert(discarded_event).values(
            consumer=consumer,
            topic=discarded.topic,
            key=discarded.key,
            first_seq=discarded.first_seq,
            last_seq=discarded.last_seq,
            event_id=discarded.event_id,
            reason=discarded.reason,
            attempts=discarded.attempts,
            discarded_at=discarded.discarded_at,
            discarded_by=discarded.discarded_by,
            why=discarded.why,
            sealed=sealed,
        )
    )


def _discarded(row: object) -> Discarded:
    return Discarded(**{name: getattr(row, name) for name in Discarded.__slots__})
