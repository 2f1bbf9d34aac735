"""Carries committed facts from the outbox to the log, and forgets them once the log has acknowledged them.

It relays *pending rows*, never a cursor on ids: a row that commits late has a lower id than one already sent, and a
cursor would pass it by for good. Rows of a key go out in order; what isn't acknowledged stays and goes again, so a
crash at any point repeats facts (consumers drop those) and never loses one.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, func, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from shared.kernel.clock import machine_now, monotonic
from shared.messaging.backoff import Backoff
from shared.messaging.leader import Leadership
from shared.messaging.log import BrokerAway, EventLog, Producer, Record, RecordRefused
from shared.messaging.outbox import outbox
from shared.observability import metrics
from shared.observability.logging import get_logger
from shared.store.engine import READ_ONLY
from shared.store.sets import among

BATCH_ROWS = 2000
REBUILD_AFTER_SECONDS = 45.0
_MOST_BLOCKED_NAMED = 200
_log = get_logger(__name__)

Key = tuple[str, str]  # topic, key
OutboxRow = Row[int, str, str, int, str, bytes]


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits in the outbox: how many rows, and since when (machine time)."""

    rows: int
    oldest_at: datetime | None

    @property
    def age(self) -> timedelta:
        return timedelta() if self.oldest_at is None else machine_now() - self.oldest_at


class Relay:
    """One service's relay. Not thread-safe."""

    def __init__(self, service: str, engine: Engine, log: EventLog) -> None:
        self._service = service
        self._engine = engine
        self._log = log
        self._leadership = Leadership(engine, service)
        self._producer: Producer | None = None
        self._blocked: dict[Key, Backoff] = {}
        self._away = Backoff(first_seconds=0.25, longest_seconds=2.0)
        self._stalled_since: float | None = None

    @property
    def leads(self) -> bool:
        return self._leadership.leads

    @property
    def blocked(self) -> frozenset[Key]:
        """Keys that the log refuses just now; their facts wait."""
        return frozenset(self._blocked)

    def step(self) -> int:
        """Send one batch and delete what was acknowledged; the number of rows deleted. Raises SQLAlchemyError."""
        if self._away.waiting:
            return 0
        rows = self._pending_rows()
        if not rows:
            self._stalled_since = None
            return 0
        outcomes = self._publish([_record(row) for row in rows])
        acknowledged = self._judge(rows, outcomes)
        self._forget(acknowledged)
        self._watch_progress(bool(acknowledged))
        for topic, count in Counter(row.topic for row in acknowledged).items():
            metrics.PUBLISHED.labels(self._service, topic).inc(count)
        metrics.BLOCKED_KEYS.labels(self._service).set(len(self._blocked))
        return len(acknowledged)

    def pending(self) -> Pending:
        """What waits, blocked keys included, whoever leads. Raises SQLAlchemyError."""
        oldest = func.min(outbox.c.created_at, type_=outbox.c.created_at.type)
        with self._peeking() as connection:
            row = connection.execute(select(func.count(), oldest)).one()
        return Pending(rows=row[0], oldest_at=row[1])

    def settled(self) -> bool:
        """Whether nothing waits but the facts of blocked keys. Raises SQLAlchemyError."""
        query = select(outbox.c.outbox_id).limit(1)
        if self._blocked:
            query = query.where(tuple_(outbox.c.topic, outbox.c.key).not_in(list(self._blocked)[:_MOST_BLOCKED_NAMED]))
        with self._peeking() as connection:
            return connection.execute(query).first() is None

    def close(self) -> None:
        if self._producer is not None:
            self._producer.close()
            self._producer = None
        self._leadership.resign()

    def _pending_rows(self) -> Sequence[OutboxRow]:
        waiting = [key for key, backoff in self._blocked.items() if backoff.waiting]
        query = (
            select(
                outbox.c.outbox_id,
                outbox.c.topic,
                outbox.c.key,
                outbox.c.key_seq,
                outbox.c.headers,
                outbox.c.payload,
            )
            .order_by(outbox.c.outbox_id)
            .limit(BATCH_ROWS)
        )
        if waiting:
            query = query.where(tuple_(outbox.c.topic, outbox.c.key).not_in(waiting[:_MOST_BLOCKED_NAMED]))
        with self._lent(write=False) as connection:
            return [] if connection is None else connection.execute(query).all()

    def _publish(self, records: list[Record]) -> list[Exception | None]:
        try:
            if self._producer is None:
                self._producer = self._log.producer()
            return self._producer.publish(records)
        except BrokerAway as away:
            return [away] * len(records)

    def _judge(self, rows: Sequence[OutboxRow], outcomes: Sequence[Exception | None]) -> list[OutboxRow]:
        """The acknowledged prefix of each key; keys with a failure are blocked, all the others go on."""
        away = [outcome.why for outcome in outcomes if isinstance(outcome, BrokerAway)]
        if len(away) == len(outcomes):
            if self._away.failures == 0:
                _log.warning(
                    "event log is away; facts wait in the outbox",
                    service=self._service,
                    away=away[0].value,
                    rows=len(rows),
                )
            self._away.failed()
            return []
        self._away.succeeded()
        failed: set[Key] = set()
        acknowledged: list[OutboxRow] = []
        for row, outcome in zip(rows, outcomes, strict=True):
            key = (str(row.topic), str(row.key))
            if key in failed:
                continue
            if outcome is None:
                acknowledged.append(row)
                self._blocked.pop(key, None)
                continue
            failed.add(key)
            if not isinstance(outcome, RecordRefused):
                continue  # not known to have arrived: it goes again with the next pass
            self._blocked.setdefault(key, Backoff(first_seconds=1.0, longest_seconds=60.0)).failed()
            _log.error(
                "a fact was not taken by the log; its key waits",
                service=self._service,
                topic=row.topic,
                outbox_id=row.outbox_id,
                reason=type(outcome).__name__,
            )
        return acknowledged

    def _forget(self, acknowledged: Sequence[OutboxRow]) -> None:
        if not acknowledged:
            return
        with self._lent(write=True) as connection:
            if connection is None:
                return  # somebody else leads by now and will send them again
            connection.execute(delete(outbox).where(self._are(acknowledged)))
            connection.commit()

    def _are(self, rows: Sequence[OutboxRow]) -> ColumnElement[bool]:
        if self._leadership.needs_lock:
            return among(self._engine, outbox.c.outbox_id, [row.outbox_id for row in rows])
        # two relays may lead on SQLite, which gives a deleted row's number to a later one: by number alone, the slower
        # relay would delete a fact that nobody has sent
        named = [(row.outbox_id, row.topic, row.key, row.key_seq) for row in rows]
        return tuple_(outbox.c.outbox_id, outbox.c.topic, outbox.c.key, outbox.c.key_seq).in_(named)

    def _watch_progress(self, progressed: bool) -> None:
        if progressed:
            self._stalled_since = None
            return
        now = monotonic()
        if self._stalled_since is None:
            self._stalled_since = now
        elif now - self._stalled_since >= REBUILD_AFTER_SECONDS and self._producer is not None:
            # kafka-python can stall for good when metadata names a leader absent from the broker list
            _log.warning("no fact was taken for 45 s; building a new producer", service=self._service)
            metrics.PRODUCER_REBUILDS.labels(self._service).inc()
            self._stalled_since = now
            stalled, self._producer = self._producer, None
            stalled.close()

    @contextmanager
    def _lent(self, *, write: bool) -> Iterator[Connection | None]:
        connection = self._leadership.writing() if write else self._leadership.reading()
        if connection is None:
            yield None
            return
        try:
            yield connection
        except SQLAlchemyError:
            self._leadership.resign()
            raise
        finally:
            self._leadership.done(connection)

    @contextmanager
    def _peeking(self) -> Iterator[Connection]:
        """A connection to look with, whoever leads."""
        with self._engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            yield connection


def _record(row: OutboxRow) -> Record:
    headers: dict[str, str] = json.loads(row.headers)
    return Record(topic=row.topic, key=row.key, headers=headers, value=row.payload)
