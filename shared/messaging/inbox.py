"""What a consumer remembers of what it has read: the fence per partition and the place reached in each key's line.

Both live in the consumer's own database and move in the same transaction as the rows that an event changed. That is
what turns at-least-once transport into exactly-once effects.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, ColumnElement, Integer, String, Table, bindparam, select, update
from sqlalchemy.orm import Session

from shared.store.base import shared_metadata
from shared.store.sets import among, put_all
from shared.store.upsert import upsert

consumer_offset = Table(
    "consumer_offset",
    shared_metadata,
    Column("consumer", String(64), primary_key=True),
    Column("topic_id", String(64), primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("topic", String(64), nullable=False),
    Column("next_offset", BigInteger, nullable=False),
    Column("first_offset", BigInteger, nullable=False),
)

key_position = Table(
    "key_position",
    shared_metadata,
    Column("consumer", String(64), primary_key=True),
    Column("topic", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One partition of one topic, as one consumer sees it."""

    consumer: str
    topic: str
    topic_id: str
    partition: int


class Fenced(Exception):
    """Another consumer has moved the fences of `partitions`: whoever reads them is a zombie and must start anew."""

    def __init__(self, topic: str, partitions: Collection[int]) -> None:
        super().__init__(f"{topic}/{','.join(map(str, sorted(partitions)))}")
        self.partitions = frozenset(partitions)


@dataclass(frozen=True, slots=True)
class Fence:
    """`next_offset` is the next record to read. `first_offset` is where the log began when reading (re)started:
    above 0, older records were already gone, so a key's first event may have any sequence number."""

    next_offset: int
    first_offset: int


_MOVE = (
    update(consumer_offset)
    .where(
        consumer_offset.c.consumer == bindparam("of_consumer"),
        consumer_offset.c.topic_id == bindparam("of_topic_id"),
        consumer_offset.c.partition == bindparam("of_partition"),
        consumer_offset.c.next_offset == bindparam("expected"),
    )
    .values(next_offset=bindparam("to"))
)


def read_fence(session: Session, place: Place) -> Fence | None:
    """Where the database stands; None when this consumer never read the partition."""
    row = session.execute(
        select(consumer_offset.c.next_offset, consumer_offset.c.first_offset).where(*_at(place))
    ).one_or_none()
    return None if row is None else Fence(row.next_offset, row.first_offset)


def set_fence(session: Session, place: Place, *, beginning: int) -> Fence:
    """Put the fence at the log's beginning, for a first reading or after the log has dropped what was to be read."""
    first = upsert(session, consumer_offset).values(
        consumer=place.consumer,
        topic_id=place.topic_id,
        partition=place.partition,
        topic=place.topic,
        next_offset=beginning,
        first_offset=beginning,
    )
    # a second consumer may have got here first, or be further on already: never move it back
    session.execute(
        first.on_conflict_do_update(
            index_elements=["consumer", "topic_id", "partition"],
            set_={"next_offset": beginning, "first_offset": beginning},
            where=consumer_offset.c.next_offset < beginning,
        )
    )
    fence = read_fence(session, place)
    assert fence is not None
    return fence


def take_fences(session: Session, expected: Mapping[Place, int]) -> dict[Place, Fence]:
    """Lock the fences of partitions of one topic to the end of the transaction; raises Fenced when some aren't where
    they are `expected`."""
    first = next(iter(expected))
    rows = session.execute(
        select(consumer_offset.c.partition, consumer_offset.c.next_offset, consumer_offset.c.first_offset)
        .where(
            consumer_offset.c.consumer == first.consumer,
            consumer_offset.c.topic_id == first.topic_id,
            consumer_offset.c.partition.in_([place.partition for place in expected]),
        )
        .order_by(consumer_offset.c.partition)  # one order for all, or two consumers deadlock
        .with_for_update()
    )
    found = {row.partition: Fence(row.next_offset, row.first_offset) for row in rows}
    fences = {place: found[place.partition] for place in expected if place.partition in found}
    moved = {
        place.partition for place, at in expected.items() if place not in fences or fences[place].next_offset != at
    }
    if moved:
        raise Fenced(first.topic, moved)
    return fences


def hold_fence(session: Session, place: Place) -> Fence | None:
    """Lock the fence where it is to the end of the transaction; None when this consumer never read the partition."""
    held = session.execute(
        update(consumer_offset)
        .where(*_at(place))
        .values(next_offset=consumer_offset.c.next_offset)
        .returning(consumer_offset.c.next_offset, consumer_offset.c.first_offset)
    ).one_or_none()
    return None if held is None else Fence(held.next_offset, held.first_offset)


def move_fences(session: Session, fences: Mapping[Place, Fence], to: Mapping[Place, int]) -> None:
    """Move fences that this transaction has taken; raises Fenced when some aren't where they were then."""
    moved = session.connection().execute(
        _MOVE,
        [
            {
                "of_consumer": place.consumer,
                "of_topic_id": place.topic_id,
                "of_partition": place.partition,
                "expected": fences[place].next_offset,
                "to": offset,
            }
            for place, offset in to.items()
        ],
    )
    if moved.rowcount != len(to):
        raise Fenced(next(iter(to)).topic, [place.partition for place in to])


def fences_of(session: Session, consumer: str) -> dict[tuple[str, int], int]:
    """(topic_id, partition) → next offset, for all that `consumer` ever read."""
    rows = session.execute(
        select(consumer_offset.c.topic_id, consumer_offset.c.partition, consumer_offset.c.next_offset).where(
            consumer_offset.c.consumer == consumer
        )
    )
    return {(row.topic_id, row.partition): row.next_offset for row in rows}


def lock_positions(session: Session, consumer: str, topic: str, keys: Collection[str]) -> dict[str, int]:
    """Key → last applied sequence number, locked to the end of the transaction. Keys never seen are absent."""
    if not keys:
        return {}
    rows = session.execute(
        select(key_position.c.key, key_position.c.last_seq)
        .where(
            key_position.c.consumer == consumer,
            key_position.c.topic == topic,
            among(session, key_position.c.key, keys),
        )
        .order_by(key_position.c.key)  # one order for all, or two consumers deadlock
        .with_for_update()
    )
    return {row.key: row.last_seq for row in rows}


def save_positions(session: Session, consumer: str, topic: str, positions: Mapping[str, int]) -> None:
    """Write the last applied sequence number of each key."""
    put_all(
        session,
        key_position,
        ("key", "last_seq"),
        sorted(positions.items()),
        {"consumer": consumer, "topic": topic},
    )


def _at(place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        consumer_offset.c.consumer == place.consumer,
        consumer_offset.c.topic_id == place.topic_id,
        consumer_offset.c.partition == place.partition,
    )
