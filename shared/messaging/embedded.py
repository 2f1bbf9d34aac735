"""A durable event log in one SQLite file: the embedded default, for one machine.

An append is on disk before it is acknowledged (WAL, synchronous FULL). Several processes may share the file. Each
consumer reads every partition; its true position is the fence row in its own database, the one kept here is a hint.
Records older than 30 days are dropped once every consumer is past them.
"""

import json
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Condition, Lock

from shared.contracts.registry import REGISTRY
from shared.kernel.clock import machine_now, monotonic
from shared.kernel.ids import new_id
from shared.messaging.hostility import Calm, Hostility
from shared.messaging.log import BrokerAway, PositionLost, Producer, Received, Record, RecordRefused, TopicPartition

RETENTION = timedelta(days=30)
_TRIM_EVERY_SECONDS = 3600.0
_OTHER_PROCESS_POLL_SECONDS = 0.05
_BUSY_SECONDS = 5.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS topic (
    topic TEXT PRIMARY KEY, topic_id TEXT NOT NULL, partitions INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS head (
    topic TEXT, partition INTEGER, first_offset INTEGER NOT NULL, next_offset INTEGER NOT NULL,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (
    topic TEXT, partition INTEGER, offset INTEGER, key TEXT, headers TEXT NOT NULL, value BLOB NOT NULL,
    appended_at REAL NOT NULL, PRIMARY KEY (topic, partition, offset)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS committed (
    consumer TEXT, topic TEXT, partition INTEGER, next_offset INTEGER NOT NULL,
    PRIMARY KEY (consumer, topic, partition)
) WITHOUT ROWID;
"""


class EmbeddedLog:
    """Opens the file when first used; safe to use from several threads."""

    step_patience_seconds = 0.0

    def __init__(self, path: Path, *, hostility: Hostility | None = None) -> None:
        self._path = path
        self._hostility: Hostility = hostility or Calm()
        self._lock = Lock()
        self._writer: sqlite3.Connection | None = None
        self._appended = Condition()
        self._appends = 0
        self._partitions: dict[str, int] = {}
        self._trim_due = 0.0

    def producer(self) -> Producer:
        return _EmbeddedProducer(self)

    def subscribe(self, consumer: str, topics: Collection[str]) -> "EmbeddedSubscription":
        return EmbeddedSubscription(self, consumer, tuple(topics))

    def ensure_topics(self) -> None:
        """Done whenever the file is opened, so there is nothing else to do."""
        with self.writing():
            pass

    def reachable(self) -> bool:
        try:
            with self.writing() as connection:
                connection.execute("SELECT 1 FROM topic LIMIT 1")
        except BrokerAway:
            return False
        return True

    def close(self) -> None:
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    @property
    def hostility(self) -> Hostility:
        return self._hostility

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The one writing connection of this process, not in a transaction yet. Raises BrokerAway."""
        with self._lock:
            try:
                if self._writer is None:
                    self._writer = self._open()
                yield self._writer
            except (sqlite3.Error, OSError) as error:
                if self._writer is not None:
                    self._writer.close()
                    self._writer = None
                raise BrokerAway(type(error).__name__) from error

    def append(self, records: Sequence[Record]) -> list[Exception | None]:
        """One durable transaction for all of `records`. Raises BrokerAway, and then none of them is in the log."""
        with self.writing() as connection:
            connection.execute("BEGIN IMMEDIATE")
            outcomes = self._insert(connection, records)
            if monotonic() >= self._trim_due:
                _trim(connection, before=(machine_now() - RETENTION).timestamp())
                self._trim_due = monotonic() + _TRIM_EVERY_SECONDS
            connection.execute("COMMIT")
        with self._appended:
            self._appends += 1
            self._appended.notify_all()
        return outcomes

    def appends(self) -> int:
        return self._appends

    def wait_for_append(self, seen: int, timeout_seconds: float) -> None:
        """Wait until this process appends after `seen`; briefly, since another process may append as well."""
        with self._appended:
            self._appended.wait_for(lambda: self._appends != seen, min(timeout_seconds, _OTHER_PROCESS_POLL_SECONDS))

    def open_reader(self) -> sqlite3.Connection:
        """A connection for one subscription; the caller closes it. Raises BrokerAway."""
        with self.writing():
            pass
        try:
            return _connect(self._path)
        except sqlite3.Error as error:
            raise BrokerAway(type(error).__name__) from error

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(self._path)
        connection.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
        for contract in REGISTRY:
            connection.execute(
                "INSERT INTO topic VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (contract.topic, str(new_id()), contract.partitions),
            )
            connection.executemany(
                "INSERT INTO head VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING",
                [(contract.topic, partition) for partition in range(contract.partitions)],
            )
        connection.execute("COMMIT")
        self._partitions = dict(connection.execute("SELECT topic, partitions FROM topic").fetchall())
        return connection

    def _insert(self, connection: sqlite3.Connection, records: Sequence[Record]) -> list[Exception | None]:
        heads: dict[tuple[str, int], int] = {}
        rows: list[tuple[str, int, int, str, str, bytes, float]] = []
        outcomes: list[Exception | None] = []
        appended_at = machine_now().timestamp()
        for record in records:
            partitions = self._partitions.get(record.topic)
            if partitions is None:
                outcomes.append(RecordRefused("no such topic"))
                continue
            place = (record.topic, zlib.crc32(record.key.encode()) % partitions)
            offset = heads.get(place)
            if offset is None:
                found = connection.execute("SELECT next_offset FROM head WHERE topic = ? AND partition = ?", place)
                offset = found.fetchone()[0]
            heads[place] = offset + 1
            headers = json.dumps(dict(record.headers), separators=(",", ":"))
            rows.append((*place, offset, record.key, headers, record.value, appended_at))
            outcomes.append(None)
        connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.executemany(
            "UPDATE head SET next_offset = ? WHERE topic = ? AND partition = ?",
            [(offset, *place) for place, offset in heads.items()],
        )
        return outcomes


class _EmbeddedProducer:
    def __init__(self, log: EmbeddedLog) -> None:
        self._log = log

    def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        return self._log.hostility.publish(self._append, records)

    def close(self) -> None:
        """Nothing is held open."""

    def _append(self, records: Sequence[Record]) -> list[Exception | None]:
        try:
            return self._log.append(records)
        except BrokerAway as away:
            return [away] * len(records)


class EmbeddedSubscription:
    """Reads all partitions of its topics, from 0 or the committed hint until it is told to seek."""

    def __init__(self, log: EmbeddedLog, consumer: str, topics: tuple[str, ...]) -> None:
        self._log = log
        self._consumer = consumer
        self._topics = topics
        self._reader: sqlite3.Connection | None = None
        self._topic_ids: dict[str, str] = {}
        self._positions: dict[TopicPartition, int] = {}
        self._paused: set[TopicPartition] = set()
        self._turn = 0

    def poll(self, max_records: int, timeout_seconds: float) -> dict[TopicPartition, list[Received]]:
        if self._log.hostility.rebalances():
            self._positions.clear()
        until = monotonic() + timeout_seconds
        while True:
            seen = self._log.appends()
            found = self._read(max_records)
            left = until - monotonic()
            if found or left <= 0:
                return self._log.hostility.deliver(found)
            self._log.wait_for_append(seen, left)

    def assignment(self) -> frozenset[TopicPartition]:
        self._connection()
        return frozenset(self._positions)

    def position(self, partition: TopicPartition) -> int | None:
        self._connection()
        return self._positions.get(partition)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._connection()
        self._positions[partition] = offset

    def pause(self, partition: TopicPartition) -> None:
        self._paused.add(partition)

    def commit(self, positions: Mapping[TopicPartition, int]) -> None:
        with self._log.writing() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO committed VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset",
                [(self._consumer, *partition, offset) for partition, offset in positions.items()],
            )
            connection.execute("COMMIT")

    def partitions(self) -> frozenset[TopicPartition]:
        return frozenset(self._heads())

    def beginning_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        heads = self._heads()
        return {partition: heads[partition][0] for partition in partitions}

    def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        heads = self._heads()
        return {partition: heads[partition][1] for partition in partitions}

    def topic_id(self, topic: str) -> str | None:
        self._connection()
        return self._topic_ids.get(topic)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _connection(self) -> sqlite3.Connection:
        if self._reader is None:
            self._reader = self._log.open_reader()
            self._topic_ids = dict(self._reader.execute("SELECT topic, topic_id FROM topic").fetchall())
        if not self._positions:
            kept = self._reader.execute(
                "SELECT topic, partition, next_offset FROM committed WHERE consumer = ?", (self._consumer,)
            )
            hints = {TopicPartition(topic, partition): offset for topic, partition, offset in kept}
            self._positions = {partition: hints.get(partition, 0) for partition in self._heads()}
        return self._reader

    def _heads(self) -> dict[TopicPartition, tuple[int, int]]:
        reader = self._reader or self._connection()
        try:
            rows = reader.execute("SELECT topic, partition, first_offset, next_offset FROM head").fetchall()
        except sqlite3.Error as error:
            self.close()
            raise BrokerAway(type(error).__name__) from error
        return {TopicPartition(t, p): (first, after) for t, p, first, after in rows if t in self._topics}

    def _read(self, max_records: int) -> dict[TopicPartition, list[Received]]:
        reader = self._connection()
        heads = {partition: head for partition, head in self._heads().items() if partition not in self._paused}
        lost = [p for p, (first, after) in heads.items() if not first <= self._positions.get(p, 0) <= after]
        if lost:
            raise PositionLost(lost)
        waiting = sorted(p for p, (_, after) in heads.items() if self._positions.get(p, 0) < after)
        found: dict[TopicPartition, list[Received]] = defaultdict(list)
        left = max_records
        self._turn += 1
        for turn in range(len(waiting)):
            # start elsewhere each time: a busy partition must not keep the others waiting
            partition = waiting[(self._turn + turn) % len(waiting)]
            if left <= 0:
                break
            found[partition] = self._read_partition(reader, partition, left)
            left -= len(found[partition])
        return dict(found)

    def _read_partition(self, reader: sqlite3.Connection, place: TopicPartition, limit: int) -> list[Received]:
        try:
            rows = reader.execute(
                "SELECT offset, key, headers, value FROM record"
                " WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?",
                (*place, self._positions.get(place, 0), limit),
            ).fetchall()
        except sqlite3.Error as error:
            self.close()
            raise BrokerAway(type(error).__name__) from error
        topic_id = self._topic_ids[place.topic]
        received = [
            Received(place.topic, topic_id, place.partition, offset, key, json.loads(headers), value)
            for offset, key, headers, value in rows
        ]
        if received:
            self._positions[place] = received[-1].offset + 1
        return received


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _trim(connection: sqlite3.Connection, *, before: float) -> None:
    """Drop records appended before `before` (exclusive) that every consumer who ever committed is past."""
    for topic, partition in connection.execute("SELECT topic, partition FROM head").fetchall():
        keep_from = connection.execute(
            "SELECT min(next_offset) FROM committed WHERE topic = ? AND partition = ?", (topic, partition)
        ).fetchone()[0]
        if keep_from is None:
            continue
        young = connection.execute(
            "SELECT min(offset) FROM record WHERE topic = ? AND partition = ? AND appended_at >= ?",
            (topic, partition, before),
        ).fetchone()[0]
        first = keep_from if young is None else min(keep_from, young)
        connection.execute(
            "DELETE FROM record WHERE topic = ? AND partition = ? AND offset < ?", (topic, partition, first)
        )
        connection.execute(
            "UPDATE head SET first_offset = max(first_offset, ?) WHERE topic = ? AND partition = ?",
            (first, topic, partition),
        )
