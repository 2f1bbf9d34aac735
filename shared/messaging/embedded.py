"""A durable event log in one SQLite file: the embedded default, for one machine.

An append is on disk before it is acknowledged (WAL, synchronous FULL). Several processes may share the file. Each
consumer reads every partition; its true position is the fence row in its own database, the one kept here is a hint.
Records older than 30 days are dropped once every consumer is past them.
"""

import json
import sqlite3
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Lock

from shared.contracts.registry import RETENTION
from shared.kernel.clock import machine_now, monotonic
from shared.messaging import embedded_file
from shared.messaging.embedded_reader import EmbeddedReader
from shared.messaging.embedded_subscription import EmbeddedSubscription
from shared.messaging.hostility import Calm, Hostility
from shared.messaging.log import (
    MAX_RECORD_BYTES,
    Away,
    BrokerAway,
    Difference,
    Producer,
    Record,
    RecordRefused,
    TopicPartition,
)

_TRIM_EVERY_SECONDS = 3600.0
_OTHER_PROCESS_POLL_SECONDS = 0.05
_headers_text = json.JSONEncoder(separators=(",", ":")).encode


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
        self._wakes = 0
        self._partitions: dict[str, int] = {}
        self._trim_due = 0.0

    def producer(self) -> Producer:
        return _EmbeddedProducer(self)

    def subscribe(self, consumer: str, topics: Collection[str]) -> "EmbeddedSubscription":
        return EmbeddedSubscription(self, consumer, tuple(topics))

    def reader(self) -> "EmbeddedReader":
        return EmbeddedReader(self)

    def ensure_topics(self) -> None:
        """Done whenever the file is opened, so there is nothing else to do."""
        with self.writing():
            pass

    def differences(self) -> list[Difference]:
        """None: the file is made with the registry's topics, and who may open it is the machine's to say."""
        return []

    def provision(self, passwords: Mapping[str, str]) -> list[Difference]:
        self.ensure_topics()
        return []

    def away(self) -> Away | None:
        try:
            with self.writing() as connection:
                connection.execute("SELECT 1 FROM topic LIMIT 1")
        except BrokerAway as away:
            return away.why
        return None

    def wake(self) -> None:
        with self._appended:
            self._wakes += 1
            self._appended.notify_all()

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
                embedded_file.trim(connection, before=(machine_now() - RETENTION).timestamp())
                self._trim_due = monotonic() + _TRIM_EVERY_SECONDS
            connection.execute("COMMIT")
        with self._appended:
            self._appends += 1
            self._appended.notify_all()
        return outcomes

    def appends(self) -> int:
        return self._appends

    def wakes(self) -> int:
        return self._wakes

    def wait_for_append(self, seen: int, wakes: int, timeout_seconds: float) -> None:
        """Wait until this process appends after `seen`, or somebody wakes the readers after `wakes`; briefly, since
        another process may append as well."""
        with self._appended:
            self._appended.wait_for(
                lambda: self._appends != seen or self._wakes != wakes,
                min(timeout_seconds, _OTHER_PROCESS_POLL_SECONDS),
            )

    def open_reader(self) -> sqlite3.Connection:
        """A connection for one subscription; the caller closes it. Raises BrokerAway."""
        with self.writing():
            pass
        try:
            return embedded_file.connect(self._path)
        except sqlite3.Error as error:
            raise BrokerAway(type(error).__name__) from error

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = embedded_file.connect(self._path)
        embedded_file.create(connection)
        self._partitions = dict(connection.execute("SELECT topic, partitions FROM topic").fetchall())
        return connection

    def _insert(self, connection: sqlite3.Connection, records: Sequence[Record]) -> list[Exception | None]:
        heads = embedded_file.read_heads(connection)
        places = {partition: head.place(head.next_offset) for partition, head in heads.items()}
        rows: list[tuple[int, str, str, bytes, float]] = []
        outcomes: list[Exception | None] = []
        appended_at = machine_now().timestamp()
        for record in records:
            partitions = self._partitions.get(record.topic)
            if partitions is None:
                outcomes.append(RecordRefused("no such topic"))
                continue
            headers = _headers_text(record.headers if type(record.headers) is dict else dict(record.headers))
            if len(record.key) + len(headers) + len(record.value) > MAX_RECORD_BYTES:
                outcomes.append(RecordRefused("too large"))
                continue
            partition = TopicPartition(record.topic, zlib.crc32(record.key.encode()) % partitions)
            place = places[partition]
            places[partition] = place + 1  # offsets are the low bits of a place
            rows.append((place, record.key, headers, record.value, appended_at))
            outcomes.append(None)
        rows.sort()
        connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?)", rows)
        connection.executemany(
            "UPDATE head SET next_offset = ? WHERE number = ?",
            [
                (place - head.place(0), head.number)
                for head, place in zip(heads.values(), places.values(), strict=True)
                if place != head.place(head.next_offset)
            ],
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
