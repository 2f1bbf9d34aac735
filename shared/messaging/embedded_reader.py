"""Looking into the embedded log beside its consumers."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from shared.messaging.embedded_file import Head, read_heads
from shared.messaging.log import BrokerAway, Received, TopicPartition

if TYPE_CHECKING:
    from shared.messaging.embedded import EmbeddedLog

_T = TypeVar("_T")


class EmbeddedReader:
    """A connection of its own, opened when first used."""

    def __init__(self, log: "EmbeddedLog") -> None:
        self._log = log
        self._connection: sqlite3.Connection | None = None

    def partitions(self, topic: str) -> list[TopicPartition]:
        return sorted(partition for partition in self._asked(read_heads) if partition.topic == topic)

    def bounds(self, partition: TopicPartition) -> tuple[int, int]:
        head = self._head(partition)
        return head.first_offset, head.next_offset

    def offset_at(self, partition: TopicPartition, instant: datetime) -> int:
        head = self._head(partition)
        found = self._asked(
            lambda connection: connection.execute(
                "SELECT min(place) FROM record WHERE place >= ? AND place < ? AND appended_at >= ?",
                (head.place(0), head.place(head.next_offset), instant.timestamp()),
            ).fetchone()[0]
        )
        return head.next_offset if found is None else int(found) - head.place(0)

    def read(self, partition: TopicPartition, offset: int, limit: int) -> list[Received]:
        head = self._head(partition)
        rows = self._asked(
            lambda connection: connection.execute(
                "SELECT place, key, headers, value FROM record WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",
                (head.place(offset), head.place(head.next_offset), limit),
            ).fetchall()
        )
        topic_id = self._asked(
            lambda connection: connection.execute(
                "SELECT topic_id FROM topic WHERE topic = ?", (partition.topic,)
            ).fetchone()[0]
        )
        return [
            Received(
                *(partition.topic, topic_id, partition.partition),
                offset=place - head.place(0),
                key=key,
                headers=json.loads(headers),
                value=value,
            )
            for place, key, headers, value in rows
        ]

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _head(self, partition: TopicPartition) -> Head:
        return self._asked(read_heads)[partition]

    def _asked(self, ask: Callable[[sqlite3.Connection], _T]) -> _T:
        if self._connection is None:
            self._connection = self._log.open_reader()
        try:
            return ask(self._connection)
        except sqlite3.Error as error:
            self.close()
            raise BrokerAway(type(error).__name__) from error
