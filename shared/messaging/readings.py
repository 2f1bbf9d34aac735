"""What a worker measured, kept in the service's own store: who serves pages is another process and reads it there.

Each worker has one row, written anew every MEASURE_EVERY_SECONDS; a row that grows old says that its worker is gone.
Beside it a row a minute and topic, for an hour, counts what was applied. All instants are machine time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Integer, String, Table, Text, delete, select, update
from sqlalchemy.orm import Session

from shared.messaging.counts import Counted
from shared.messaging.log import Away
from shared.store.base import Instant, shared_metadata
from shared.store.upsert import upsert

MEASURE_EVERY_SECONDS = 5.0
KEPT_FOR = timedelta(minutes=60)
_MINUTE = timedelta(minutes=1)

worker_reading = Table(
    "worker_reading",
    shared_metadata,
    Column("worker_id", String(36), primary_key=True),
    Column("measured_at", Instant(), nullable=False),
    Column("found", Text, nullable=False),
)

consumer_minute = Table(
    "consumer_minute",
    shared_metadata,
    Column("consumer", String(64), primary_key=True),
    Column("topic", String(64), primary_key=True),
    Column("minute", Instant(), primary_key=True),
    Column("applied", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False),
    Column("lag_records", Integer),
)


@dataclass(frozen=True, slots=True)
class TopicReading:
    """`lag_records` and `lag_seconds` None: not known, since the log is away. `stopped` are partitions."""

    topic: str
    lag_records: int | None
    lag_seconds: float | None
    stopped: tuple[int, ...]
    last_applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class WorkerReading:
    """`paused_for` is what reading waits for just now. `left`: it has gone for good, and what it measured with it."""

    worker_id: str
    measured_at: datetime
    paused_for: Away | None
    topics: tuple[TopicReading, ...]
    last_published_at: datetime | None
    blocked_keys: int
    left: bool = False


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute of one topic, from `minute` on; `lag_records` None where it wasn't known."""

    topic: str
    minute: datetime
    applied: int
    duplicates: int
    lag_records: int | None


def keep(session: Session, consumer: str, reading: WorkerReading, counted: Mapping[str, Counted]) -> None:
    """Write the worker's row anew, add to the minute's counts, and drop what is older than an hour."""
    row = {"worker_id": reading.worker_id, "measured_at": reading.measured_at, "found": _text(reading)}
    written = upsert(session, worker_reading).values(row)
    session.execute(written.on_conflict_do_update(index_elements=["worker_id"], set_=row))
    for topic in reading.topics:
        _count_minute(session, consumer, topic, reading.measured_at, counted.get(topic.topic, Counted()))
    old = reading.measured_at - KEPT_FOR - _MINUTE
    session.execute(
        delete(consumer_minute).where(consumer_minute.c.consumer == consumer, consumer_minute.c.minute < old)
    )
    session.execute(delete(worker_reading).where(worker_reading.c.measured_at < old))


def leave(session: Session, worker_id: str) -> None:
    """Note that a worker has left, where it ever measured; safe to repeat."""
    of_worker = worker_reading.c.worker_id == worker_id
    found = session.scalar(select(worker_reading.c.found).where(of_worker))
    if found is not None:
        gone = json.dumps(json.loads(found) | {"left": True}, separators=(",", ":"))
        session.execute(update(worker_reading).where(of_worker).values(found=gone))


def latest(session: Session) -> list[WorkerReading]:
    """What the service's workers last measured, newest first."""
    rows = session.execute(select(worker_reading).order_by(worker_reading.c.measured_at.desc()))
    return [_reading(row.worker_id, row.measured_at, json.loads(row.found)) for row in rows]


def minutes_since(session: Session, consumer: str, since: datetime) -> list[Minute]:
    """The minutes that began at `since` (inclusive) or later, in order."""
    rows = session.execute(
        select(consumer_minute)
        .where(consumer_minute.c.consumer == consumer, consumer_minute.c.minute >= since)
        .order_by(consumer_minute.c.topic, consumer_minute.c.minute)
    )
    return [Minute(row.topic, row.minute, row.applied, row.duplicates, row.lag_records) for row in rows]


def minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _count_minute(session: Session, consumer: str, topic: TopicReading, at: datetime, counted: Counted) -> None:
    written = upsert(session, consumer_minute).values(
        consumer=consumer,
        topic=topic.topic,
        minute=minute_of(at),
        applied=counted.applied,
        duplicates=counted.duplicates,
        lag_records=topic.lag_records,
    )
    session.execute(
        written.on_conflict_do_update(
            index_elements=["consumer", "topic", "minute"],
            set_={
                "applied": consumer_minute.c.applied + counted.applied,
                "duplicates": consumer_minute.c.duplicates + counted.duplicates,
                "lag_records": topic.lag_records,
            },
        )
    )


def _text(reading: WorkerReading) -> str:
    found = {
        "paused_for": reading.paused_for or "",
        "last_published_at": _iso(reading.last_published_at),
        "blocked_keys": reading.blocked_keys,
        "topics": [
            {
                "topic": topic.topic,
                "lag_records": topic.lag_records,
                "lag_seconds": topic.lag_seconds,
                "stopped": list(topic.stopped),
                "last_applied_at": _iso(topic.last_applied_at),
            }
            for topic in reading.topics
        ],
    }
    return json.dumps(found, separators=(",", ":"))


def _reading(worker_id: str, measured_at: datetime, found: dict[str, Any]) -> WorkerReading:
    return WorkerReading(
        worker_id=worker_id,
        measured_at=measured_at,
        paused_for=Away(found["paused_for"]) if found["paused_for"] else None,
        topics=tuple(
            TopicReading(
                topic=topic["topic"],
                lag_records=topic["lag_records"],
                lag_seconds=topic["lag_seconds"],
                stopped=tuple(topic["stopped"]),
                last_applied_at=_instant(topic["last_applied_at"]),
            )
            for topic in found["topics"]
        ),
        last_published_at=_instant(found["last_published_at"]),
        blocked_keys=found["blocked_keys"],
        left=found.get("left", False),
    )


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
