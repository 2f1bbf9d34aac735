"""Reading the embedded log: one consumer's place in each partition of its topics."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from shared.kernel.clock import monotonic
from shared.messaging.embedded_file import Head, read_heads
from shared.messaging.log import BrokerAway, PositionLost, Received, TopicPartition

if TYPE_CHECKING:
    from shared.messaging.embedded import EmbeddedLog


class EmbeddedSubscription:
    """Reads all partitions of its topics, from 0 or the committed hint until it is told to seek."""

    def __init__(self, log: "EmbeddedLog", consumer: str, topics: tuple[str, ...]) -> None:
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
        wakes = self._log.wakes()
        while True:
            seen = self._log.appends()
            found = self._read(max_records)
            left = until - monotonic()
            if found or left <= 0 or self._log.wakes() != wakes:
                return self._log.hostility.deliver(found)
            self._log.wait_for_append(seen, wakes, left)

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
        return {partition: heads[partition].first_offset for partition in partitions}

    def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        heads = self._heads()
        return {partition: heads[partition].next_offset for partition in partitions}

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

    def _heads(self) -> dict[TopicPartition, Head]:
        reader = self._reader or self._connection()
        try:
            heads = read_heads(reader)
        except sqlite3.Error as error:
            self.close()
            raise BrokerAway(type(error).__name__) from error
        return {partition: head for partition, head in heads.items() if partition.topic in self._topics}

    def _read(self, max_records: int) -> dict[TopicPartition, list[Received]]:
        reader = self._connection()
        heads = {partition: head for partition, head in self._heads().items() if partition not in self._paused}
        here = {partition: self._positions.get(partition, 0) for partition in heads}
        lost = [p for p, head in heads.items() if not head.first_offset <= here[p] <= head.next_offset]
        if lost:
            raise PositionLost(lost)
        waiting = sorted(partition for partition, head in heads.items() if here[partition] < head.next_offset)
        found: dict[TopicPartition, list[Received]] = {}
        left = max_records
        self._turn += 1
        for turn in range(len(waiting)):
            if left <= 0:
                break
            # start elsewhere each time: a busy partition must not keep the others waiting
            partition = waiting[(self._turn + turn) % len(waiting)]
            found[partition] = self._read_partition(reader, partition, heads[partition], left)
            left -= len(found[partition])
        return found

    def _read_partition(
        self, reader: sqlite3.Connection, partition: TopicPartition, head: Head, limit: int
    ) -> list[Received]:
        try:
            rows = reader.execute(
                "SELECT place, key, headers, value FROM record WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",
                (head.place(self._positions.get(partition, 0)), head.place(head.next_offset), limit),
            ).fetchall()
        except sqlite3.Error as error:
            self.close()
            raise BrokerAway(type(error).__name__) from error
        topic_id, start = self._topic_ids[partition.topic], head.place(0)
        received = [
            Received(partition.topic, topic_id, partition.partition, place - start, key, json.loads(headers), value)
            for place, key, headers, value in rows
        ]
        if received:
            self._positions[partition] = received[-1].offset + 1
        return received
