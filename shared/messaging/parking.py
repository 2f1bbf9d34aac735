"""Where events stand that could not be applied: parked with their key, so that only this one patient's line waits.

A parked key takes all its later events with it, in order. The head of each line is tried again (1 s … 1 h, with
jitter, 10 attempts in all), then it is dead and waits for a person. Reasons are codes, never content.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    func,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from shared.messaging.inbox import Place
from shared.messaging.log import Received
from shared.store.base import Instant, coded, shared_metadata
from shared.store.sets import among, each_of
from shared.store.upsert import upsert


class ParkedState(StrEnum):
    """FAILING: its handler failed, it is tried again. BEHIND: it waits for an earlier one. GAP: the one before it has
    not arrived. DEAD: it waits for a person."""

    FAILING = "failing"
    BEHIND = "behind"
    GAP = "gap"
    DEAD = "dead"


parked_event = Table(
    "parked_event",
    shared_metadata,
    Column("parked_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("consumer", String(64), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("key", String(64), nullable=False),
    Column("key_seq", BigInteger, nullable=False),
    Column("headers", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("state", coded(ParkedState), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant()),
    Column("parked_at", Instant(), nullable=False),
    Column("topic_id", String(64), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Index("uq_parked_event_line", "consumer", "topic", "key", "key_seq", unique=True),
    Index("ix_parked_event_next_attempt_at", "consumer", "next_attempt_at"),
    # what the census counts, without the events themselves
    Index("ix_parked_event_state", "consumer", "topic", "state", "parked_at"),
)


@dataclass(frozen=True, slots=True)
class RetryRules:
    """Delays grow from `first` by `factor` to `longest`; each is stretched or shrunk by up to `jitter` of itself.

    `attempts` counts the first try too.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(hours=1)
    factor: float = 2.8
    jitter: float = 0.2
    attempts: int = 10

    @property
    def longest_delay(self) -> timedelta:
        """No attempt is ever set further ahead (inclusive)."""
        return self.longest * (1 + self.jitter)

    def is_due(self, next_attempt_at: datetime | None, *, at: datetime) -> bool:
        """Whether an attempt set for `next_attempt_at` (inclusive) may be made at `at`, both machine time; None is
        never. One set further ahead than any delay was set before the machine's clock went back: it is due too."""
        if next_attempt_at is None:
            return False
        return next_attempt_at <= at or next_attempt_at > at + self.longest_delay

    def delay(self, attempts: int, random: Random) -> timedelta | None:
        """How long to wait after failed attempt number `attempts` (from 1); None when it was the last."""
        if attempts >= self.attempts:
            return None
        plain = min(self.first * self.factor ** (attempts - 1), self.longest)
        return plain * (1 + self.jitter * random.uniform(-1, 1))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a parked event stands: why, how often it was tried, and when again (machine time, None for not by itself)."""

    state: ParkedState
    reason: str
    attempts: int
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """One event of a parked line."""

    parked_id: int
    topic: str
    key: str
    key_seq: int
    headers: dict[str, str]
    payload: bytes
    state: ParkedState
    reason: str
    attempts: int
    next_attempt_at: datetime | None


def parked_keys(session: Session, consumer: str, topic: str, keys: Collection[str]) -> set[str]:
    """Those of `keys` that have a parked line on `topic`."""
    # a look at each key, not at all that waits behind it
    of_line = (parked_event.c.consumer == consumer, parked_event.c.topic == topic)
    key = each_of(session, parked_event.c.key, keys)
    return set(session.scalars(select(key).where(exists().where(*of_line, parked_event.c.key == key))))


def park(
    session: Session,
    place: Place,
    received: Received,
    key: str,
    key_seq: int,
    standing: Standing,
    *,
    parked_at: datetime,
) -> bool:
    """Put one event into its key's parked line; False when it stands there already."""
    values = {
        "consumer": place.consumer,
        "topic": place.topic,
        "key": key,
        "key_seq": key_seq,
        "headers": json.dumps(dict(received.headers), separators=(",", ":")),
        "payload": received.value,
        **_columns(standing),
        "parked_at": parked_at,
        "topic_id": place.topic_id,
        "partition": place.partition,
        "offset": received.offset,
    }
    added = session.execute(
        upsert(session, parked_event).values(values).on_conflict_do_nothing().returning(parked_event.c.parked_id)
    ).scalar_one_or_none()
    return added is not None


def due_lines(
    session: Session, consumer: str, topics: Collection[str], *, at: datetime, rules: RetryRules, limit: int
) -> list[tuple[str, str]]:
    """(topic, key) of parked lines whose head may be tried at `at` (machine time), longest due first; see is_due."""
    asked = {"consumer": consumer, "topics": list(topics), "at": at, "beyond": at + rules.longest_delay, "most": limit}
    return list(dict.fromkeys((row.topic, row.key) for row in session.execute(_DUE_LINES, asked)))


def _due_lines() -> Select[tuple[str, str]]:
    # two looks at an index: with an OR between them all that waits without a time of its own is read first
    p, most = parked_event.c, bindparam("most", type_=Integer())
    mine = select(p.topic, p.key, p.next_attempt_at).where(
        p.consumer == bindparam("consumer"), p.topic.in_(bindparam("topics", expanding=True))
    )
    looks = [
        mine.where(due).order_by(p.next_attempt_at).limit(most).subquery()
        for due in (p.next_attempt_at <= bindparam("at"), p.next_attempt_at > bindparam("beyond"))
    ]
    both = union_all(*map(select, looks)).subquery().c
    return select(both.topic, both.key).order_by(both.next_attempt_at).limit(most)


_DUE_LINES = _due_lines()


def head_of(session: Session, consumer: str, topic: str, key: str) -> ParkedRow | None:
    """The first event of a parked line."""
    return next(iter(front_of(session, consumer, topic, key, limit=1)), None)


def front_of(session: Session, consumer: str, topic: str, key: str, *, limit: int) -> list[ParkedRow]:
    """The first `limit` events of a parked line, in its order."""
    rows = session.execute(
        select(parked_event)
        .where(parked_event.c.consumer == consumer, parked_event.c.topic == topic, parked_event.c.key == key)
        .order_by(parked_event.c.key_seq)
        .limit(limit)
    )
    return [
        ParkedRow(
            parked_id=row.parked_id,
            topic=row.topic,
            key=row.key,
            key_seq=row.key_seq,
            headers=json.loads(row.headers),
            payload=row.payload,
            state=row.state,
            reason=row.reason,
            attempts=row.attempts,
            next_attempt_at=row.next_attempt_at,
        )
        for row in rows
    ]


def release(session: Session, parked_ids: Collection[int]) -> None:
    """Take events out of their line, because they were applied, now or before, or given up."""
    session.execute(delete(parked_event).where(among(session, parked_event.c.parked_id, parked_ids)))


def set_standing(session: Session, parked_id: int, standing: Standing) -> None:
    session.execute(update(parked_event).where(parked_event.c.parked_id == parked_id).values(_columns(standing)))


def wake_head(session: Session, consumer: str, topic: str, key: str, *, at: datetime) -> bool:
    """Let the rest of a line be gone on with from `at` on; False when there is none, or it is dead."""
    head = head_of(session, consumer, topic, key)
    if head is None or head.state is ParkedState.DEAD:
        return False
    session.execute(update(parked_event).where(parked_event.c.parked_id == head.parked_id).values(next_attempt_at=at))
    return True


def census(session: Session, consumer: str) -> list[tuple[str, ParkedState, int, datetime]]:
    """(topic, state, number, oldest parked_at) of what is parked, for the metrics."""
    oldest = func.min(parked_event.c.parked_at, type_=Instant())
    rows = session.execute(
        select(parked_event.c.topic, parked_event.c.state, func.count(), oldest)
        .where(parked_event.c.consumer == consumer)
        .group_by(parked_event.c.topic, parked_event.c.state)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _columns(standing: Standing) -> dict[str, Any]:
    return {
        "state": standing.state,
        "reason": standing.reason[:64],
        "attempts": standing.attempts,
        "next_attempt_at": standing.next_attempt_at,
    }
