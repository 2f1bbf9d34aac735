"""The SQLite file of the embedded log: its tables, its settings, and what retention drops.

A record's row number is its partition's number and its offset in one integer, so that appending writes at the end of
a plain table instead of into an index; it is what makes 30,000 durable appends a second possible.
"""

import sqlite3
from pathlib import Path
from typing import NamedTuple

from shared.contracts.registry import REGISTRY
from shared.kernel.ids import new_id
from shared.messaging.log import TopicPartition

OFFSET_BITS = 44
_BUSY_SECONDS = 5.0
_PAGES_BETWEEN_CHECKPOINTS = 4000

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS topic (topic TEXT PRIMARY KEY, topic_id TEXT NOT NULL, partitions INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS head (number INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL,"
    " first_offset INTEGER NOT NULL, next_offset INTEGER NOT NULL, UNIQUE (topic, partition))",
    "CREATE TABLE IF NOT EXISTS record (place INTEGER PRIMARY KEY, key TEXT NOT NULL, headers TEXT NOT NULL,"
    " value BLOB NOT NULL, appended_at REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS committed (consumer TEXT, topic TEXT, partition INTEGER, next_offset INTEGER NOT NULL,"
    " PRIMARY KEY (consumer, topic, partition))",
)


class Head(NamedTuple):
    """A partition: records from `first_offset` up to, not including, `next_offset` are there."""

    number: int
    first_offset: int
    next_offset: int

    def place(self, offset: int) -> int:
        """The row number of the record at `offset`."""
        return self.number << OFFSET_BITS | offset


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on disk when they return. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES_BETWEEN_CHECKPOINTS}")
    return connection


def create(connection: sqlite3.Connection) -> None:
    """Make the tables and the registry's topics, where they aren't there yet."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA:
        connection.execute(statement)
    for contract in REGISTRY:
        connection.execute(
            "INSERT INTO topic VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (contract.topic, str(new_id()), contract.partitions),
        )
        connection.executemany(
            "INSERT INTO head (topic, partition, first_offset, next_offset) VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING",
            [(contract.topic, partition) for partition in range(contract.partitions)],
        )
    connection.execute("COMMIT")


def read_heads(connection: sqlite3.Connection) -> dict[TopicPartition, Head]:
    rows = connection.execute("SELECT topic, partition, number, first_offset, next_offset FROM head")
    return {TopicPartition(row[0], row[1]): Head(row[2], row[3], row[4]) for row in rows}


def trim(connection: sqlite3.Connection, *, before: float) -> None:
    """Drop records appended before `before` (exclusive) that every consumer who ever committed is past."""
    for partition, head in read_heads(connection).items():
        keep_from = connection.execute(
            "SELECT min(next_offset) FROM committed WHERE topic = ? AND partition = ?", partition
        ).fetchone()[0]
        if keep_from is None:
            continue
        inside = (head.place(0), head.place(keep_from))
        young = connection.execute(
            "SELECT min(place) FROM record WHERE place >= ? AND place < ? AND appended_at >= ?", (*inside, before)
        ).fetchone()[0]
        end = inside[1] if young is None else young
        connection.execute("DELETE FROM record WHERE place >= ? AND place < ?", (inside[0], end))
        connection.execute(
            "UPDATE head SET first_offset = max(first_offset, ?) WHERE number = ?", (end - inside[0], head.number)
        )
