"""Fills the gauges (lag, what waits in the outbox, what is parked) and keeps what was measured for who serves pages."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Engine

from shared.kernel.clock import machine_now, monotonic
from shared.kernel.ids import new_id
from shared.kernel.people import the_service
from shared.messaging import parking, readings
from shared.messaging.consumer import Consumer
from shared.messaging.counts import Counts
from shared.messaging.lag import Lag
from shared.messaging.log import Away, TopicPartition
from shared.messaging.parking import ParkedState
from shared.messaging.readings import TopicReading, WorkerReading
from shared.messaging.relay import Relay
from shared.observability import metrics
from shared.store.unit_of_work import UnitOfWork


class Survey:
    """Remembers when each partition was last read to its end, which is what lag in seconds is measured from."""

    def __init__(self, service: str, engine: Engine, topics: Collection[str], counts: Counts) -> None:
        self._service = service
        self._engine = engine
        self._topics = tuple(sorted(topics))
        self._counts = counts
        self._worker_id = str(new_id())
        self._level_at: dict[TopicPartition, float] = {}
        self._behind_for: dict[TopicPartition, float] = {}
        self._applied_at: dict[str, datetime] = {}
        self._parked_topics: set[str] = set()
        self._kept = False

    def measure(self, relay: Relay, consumer: Consumer, lag: Lag | Away, *, published_at: datetime | None) -> None:
        """`lag` says why it isn't known when the log is away. Raises what the database raises."""
        if isinstance(lag, Lag):
            self._measure_lag(lag)
        pending = relay.pending()
        metrics.OUTBOX_ROWS.labels(self._service).set(pending.rows)
        metrics.OUTBOX_OLDEST_SECONDS.labels(self._service).set(pending.age.total_seconds())
        self._measure_parked()
        self._keep(relay, consumer, lag, published_at)

    def leave(self) -> None:
        """Say that nothing more comes from here; whoever dies without a word grows stale. Raises what the database
        raises."""
        if self._kept:
            with self._unit() as uow:
                readings.leave(uow.session, self._worker_id)

    def _measure_lag(self, lag: Lag) -> None:
        now = monotonic()
        for partition, count in lag.behind.items():
            if count == 0 or partition not in self._level_at:
                self._level_at[partition] = now
            labels = (self._service, partition.topic, str(partition.partition))
            metrics.LAG.labels(*labels).set(count)
            self._behind_for[partition] = now - self._level_at[partition]
            metrics.LAG_SECONDS.labels(*labels).set(self._behind_for[partition])

    def _measure_parked(self) -> None:
        with self._unit(read_only=True) as uow:
            found = {(topic, state): (n, at) for topic, state, n, at in parking.census(uow.session, self._service)}
        self._parked_topics |= {topic for topic, _ in found}
        for topic in self._parked_topics:
            for state in ParkedState:
                count, oldest_at = found.get((topic, state), (0, None))
                age = 0.0 if oldest_at is None else (machine_now() - oldest_at).total_seconds()
                metrics.PARKED.labels(self._service, topic, state.value).set(count)
                metrics.PARKED_OLDEST_SECONDS.labels(self._service, topic, state.value).set(age)

    def _keep(self, relay: Relay, consumer: Consumer, lag: Lag | Away, published_at: datetime | None) -> None:
        counted = self._counts.take()
        self._applied_at |= {topic: c.last_applied_at for topic, c in counted.items() if c.last_applied_at is not None}
        reading = WorkerReading(
            worker_id=self._worker_id,
            measured_at=machine_now(),
            paused_for=consumer.away if isinstance(lag, Lag) else lag,
            topics=tuple(self._topic_reading(topic, consumer, lag) for topic in self._topics),
            last_published_at=published_at,
            blocked_keys=len(relay.blocked),
        )
        try:
            with self._unit() as uow:
                readings.keep(uow.session, self._service, reading, counted)
            self._kept = True
        except BaseException:
            self._counts.give_back(counted)
            raise

    def _topic_reading(self, topic: str, consumer: Consumer, lag: Lag | Away) -> TopicReading:
        known = isinstance(lag, Lag)
        of_topic = {p: count for p, count in lag.behind.items() if p.topic == topic} if isinstance(lag, Lag) else {}
        return TopicReading(
            topic=topic,
            lag_records=sum(of_topic.values()) if known else None,
            lag_seconds=max((self._behind_for[p] for p in of_topic), default=0.0) if known else None,
            stopped=tuple(sorted(p.partition for p in consumer.stopped if p.topic == topic)),
            last_applied_at=self._applied_at.get(topic),
        )

    def _unit(self, *, read_only: bool = False) -> UnitOfWork:
        return UnitOfWork(self._engine, actor=the_service(self._service), correlation_id="", read_only=read_only)
