"""Replays that somebody ordered: what is to be read again, how far it is, what it came to.

Ordered by whoever serves HTTP, run by the worker, which keeps its place here in the transaction of each batch: a
worker that dies goes on where it stood.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Column, Integer, Row, String, Table, Text, Uuid, insert, select, update
from sqlalchemy.orm import Session

from shared.messaging.tally import Tally
from shared.store.base import Instant, coded, shared_metadata


class ReplayState(StrEnum):
    """STOPPED: too many patients' events failed, as in live traffic; what was applied stays applied."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


UNFINISHED = (ReplayState.WAITING, ReplayState.RUNNING)

replay = Table(
    "replay",
    shared_metadata,
    Column("replay_id", Uuid(), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("consumer", String(64), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("key", String(64)),
    Column("from_offset", BigInteger),
    Column("to_offset", BigInteger),
    Column("from_at", Instant()),
    Column("to_at", Instant()),
    Column("ordered_by", String(200), nullable=False),
    Column("ordered_at", Instant(), nullable=False),
    Column("state", coded(ReplayState), nullable=False),
    Column("ended_at", Instant()),
    Column("ranges", Text, nullable=False),
    *(
        Column(name, Integer, nullable=False)
        for name in ("taken", "applied", "duplicates", "gaps", "parked", "quarantined")
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read again: a topic, or one key of it; from (inclusive) to (exclusive), each an offset that counts in
    every partition, or an instant of appending (machine time); None for the beginning, and for where reading stands."""

    topic: str
    key: str | None = None
    from_offset: int | None = None
    to_offset: int | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """One partition's share: the next offset to read, and the end (exclusive)."""

    next_offset: int
    end: int

    @property
    def left(self) -> int:
        return max(0, self.end - self.next_offset)


@dataclass(frozen=True, slots=True)
class Replay:
    """One order. `ranges` by partition, empty until it has begun; `came_to` counts records, as a batch's tally does."""

    replay_id: UUID
    number: int
    wanted: Wanted
    ordered_by: str
    ordered_at: datetime
    state: ReplayState
    ended_at: datetime | None
    ranges: Mapping[int, Range]
    came_to: Tally

    @property
    def left(self) -> int:
        """Records still to be read; 0 also before it has begun."""
        return sum(span.left for span in self.ranges.values())


def order(session: Session, consumer: str, replay_id: UUID, wanted: Wanted, *, by: str, at: datetime) -> Replay:
    """Order a replay; the worker begins with it within a second."""
    newest_number = session.execute(select(replay.c.number).order_by(replay.c.number.desc()).limit(1)).scalar()
    ordered = Replay(
        replay_id, (newest_number or 0) + 1, wanted, by, at, ReplayState.WAITING, None, ranges={}, came_to=Tally()
    )
    session.execute(
        insert(replay).values(
            replay_id=replay_id,
            number=ordered.number,
            consumer=consumer,
            topic=wanted.topic,
            key=wanted.key,
            from_offset=wanted.from_offset,
            to_offset=wanted.to_offset,
            from_at=wanted.from_at,
            to_at=wanted.to_at,
            ordered_by=by,
            ordered_at=at,
            **_standing(ordered),
        )
    )
    return ordered


def unfinished(session: Session, consumer: str, *, without_topics: Collection[str] = ()) -> Replay | None:
    """The oldest replay that isn't done."""
    query = select(replay).where(replay.c.consumer == consumer, replay.c.state.in_(UNFINISHED))
    if without_topics:
        query = query.where(replay.c.topic.not_in(without_topics))
    row = session.execute(query.order_by(replay.c.number).limit(1)).one_or_none()
    return None if row is None else _replay(row)


def find(session: Session, consumer: str, replay_id: UUID) -> Replay | None:
    row = session.execute(
        select(replay).where(replay.c.consumer == consumer, replay.c.replay_id == replay_id)
    ).one_or_none()
    return None if row is None else _replay(row)


def newest(session: Session, consumer: str, *, beyond: int | None, limit: int) -> list[Replay]:
    """Newest first, from beyond the one with `number` `beyond` on."""
    query = select(replay).where(replay.c.consumer == consumer)
    if beyond is not None:
        query = query.where(replay.c.number < beyond)
    return [_replay(row) for row in session.execute(query.order_by(replay.c.number.desc()).limit(limit))]


def take(session: Session, seen: Replay) -> bool:
    """Lock the order to the end of the transaction; whether it still stands as it was `seen`, so that of two workers
    only one goes on with it."""
    row = session.execute(
        update(replay)
        .where(replay.c.replay_id == seen.replay_id)
        .values(state=replay.c.state)
        .returning(replay.c.ranges, replay.c.state)
    ).one()
    return row.ranges == _ranges_text(seen.ranges) and row.state in UNFINISHED


def keep(session: Session, changed: Replay) -> None:
    """Write how far it is; the caller has taken it."""
    session.execute(update(replay).where(replay.c.replay_id == changed.replay_id).values(**_standing(changed)))


def after(seen: Replay, partition: int, next_offset: int, tally: Tally) -> Replay:
    """`seen` after one more batch of `partition`, up to `next_offset` (exclusive)."""
    ranges = {**seen.ranges, partition: replace(seen.ranges[partition], next_offset=next_offset)}
    return replace(seen, ranges=ranges, came_to=_sum(seen.came_to, tally))


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(
        read=one.read + other.read,
        applied=one.applied + other.applied,
        duplicates=one.duplicates + other.duplicates,
        gaps=one.gaps + other.gaps,
        parked=one.parked + other.parked,
        quarantined=one.quarantined + other.quarantined,
    )


def _standing(of: Replay) -> dict[str, object]:
    return {
        "state": of.state,
        "ended_at": of.ended_at,
        "ranges": _ranges_text(of.ranges),
        "taken": of.came_to.read,
        "applied": of.came_to.applied,
        "duplicates": of.came_to.duplicates,
        "gaps": of.came_to.gaps,
        "parked": of.came_to.parked,
        "quarantined": of.came_to.quarantined,
    }


def _ranges_text(ranges: Mapping[int, Range]) -> str:
    return json.dumps({str(partition): [span.next_offset, span.end] for partition, span in sorted(ranges.items())})


def _replay(row: Row[*tuple[object, ...]]) -> Replay:
    found = row._mapping
    return Replay(
        replay_id=found["replay_id"],
        number=found["number"],
        wanted=Wanted(**{name: found[name] for name in Wanted.__slots__}),
        ordered_by=found["ordered_by"],
        ordered_at=found["ordered_at"],
        state=found["state"],
        ended_at=found["ended_at"],
        ranges={int(partition): Range(*span) for partition, span in json.loads(found["ranges"]).items()},
        came_to=Tally(
            found["taken"],
            *(found[name] for name in ("applied", "duplicates", "gaps", "parked", "quarantined")),
        ),
    )
