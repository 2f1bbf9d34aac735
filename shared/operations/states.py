"""When a consumer, an outbox and a worker count as well, and what to call them when they don't. Pure.

Instants are machine time: the demo's clock moves no event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.messaging.consumer import WATCHDOG_SECONDS
from shared.messaging.log import Away
from shared.messaging.readiness import OUTBOX_PATIENCE
from shared.messaging.readings import MEASURE_EVERY_SECONDS, TopicReading, WorkerReading


class ConsumerState(StrEnum):
    KEEPING_UP = "keeping-up"
    FALLING_BEHIND = "falling-behind"
    PAUSED = "paused"
    STOPPED = "stopped"
    STALE = "stale"


class HeldUpBy(StrEnum):
    """What keeps parked lines from being tried, whatever their next attempt says; named as the problem is."""

    SILENT = "worker-silent"
    STOPPED = "stopped-partition"


class OutboxState(StrEnum):
    EMPTY = "empty"
    PUBLISHING = "publishing"
    NOT_PUBLISHING = "not-publishing"


@dataclass(frozen=True, slots=True)
class StandingRules:
    """All limits inclusive. `stale_after` is four measures missed; a gap that lasts `gap_patience` is told of. A
    quarantined record stands out for `quarantine_news`.
    """

    stale_after: timedelta = 4 * timedelta(seconds=MEASURE_EVERY_SECONDS)
    falling_behind_after: timedelta = timedelta(seconds=WATCHDOG_SECONDS)
    outbox_patience: timedelta = OUTBOX_PATIENCE
    gap_patience: timedelta = timedelta(seconds=60)
    quarantine_news: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Measured:
    """What all workers of a service say together; only those that are there and whose last word is fresh are asked, but
    for what was last done, which those that are gone know as well."""

    fresh: tuple[WorkerReading, ...]
    measured_at: datetime | None
    last_published_at: datetime | None
    last_applied_at: Mapping[str, datetime]
    blocked_keys: int

    @property
    def paused_for(self) -> Away | None:
        """What reading waits for, when every worker waits."""
        return self.fresh[0].paused_for if self.fresh and all(reading.paused_for for reading in self.fresh) else None

    def topic(self, name: str) -> TopicReading | None:
        """The topic as measured last; partitions that any worker has stopped. None when nobody knows."""
        found = [topic for reading in self.fresh for topic in reading.topics if topic.topic == name]
        if not found:
            return None
        known = next((topic for topic in found if topic.lag_records is not None), found[0])
        stopped = tuple(sorted({partition for topic in found for partition in topic.stopped}))
        return TopicReading(name, known.lag_records, known.lag_seconds, stopped, self.last_applied_at.get(name))


def measured(readings: Sequence[WorkerReading], rules: StandingRules, *, now: datetime) -> Measured:
    """`readings` newest first. One from the future, as after a clock that went back, is no fresher than one as old."""
    fresh = tuple(r for r in readings if not r.left and abs(now - r.measured_at) < rules.stale_after)
    applied = [(t.topic, t.last_applied_at) for r in readings for t in r.topics if t.last_applied_at is not None]
    published = [reading.last_published_at for reading in readings if reading.last_published_at is not None]
    return Measured(
        fresh=fresh,
        measured_at=readings[0].measured_at if readings else None,
        last_published_at=max(published, default=None),
        last_applied_at=dict(sorted(applied)),
        blocked_keys=max((reading.blocked_keys for reading in fresh), default=0),
    )


def consumer_state(topic: TopicReading | None, paused_for: Away | None, rules: StandingRules) -> ConsumerState:
    """`topic` None: no worker has measured it lately, so nothing is known."""
    if topic is None:
        return ConsumerState.STALE
    if topic.stopped:
        return ConsumerState.STOPPED
    if paused_for or topic.lag_seconds is None:
        return ConsumerState.PAUSED
    if topic.lag_seconds >= rules.falling_behind_after.total_seconds():
        return ConsumerState.FALLING_BEHIND
    return ConsumerState.KEEPING_UP


def held_up_by(topic: TopicReading | None) -> HeldUpBy | None:
    """`topic` None: no worker has measured it lately."""
    if topic is None:
        return HeldUpBy.SILENT
    return HeldUpBy.STOPPED if topic.stopped else None


def outbox_state(rows: int, age: timedelta, rules: StandingRules) -> OutboxState:
    """`age` is the oldest row's."""
    if not rows:
        return OutboxState.EMPTY
    return OutboxState.NOT_PUBLISHING if age >= rules.outbox_patience else OutboxState.PUBLISHING
