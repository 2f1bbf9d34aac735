"""Reads a service's topics and applies them batch by batch; keeps itself alive when the log or the database is away.

The database's fence is the only true position. The log is told of it now and then (a hint for lag dashboards), and
whenever the two disagree, or partitions come and go, reading starts again from the fence.
"""

from collections.abc import Callable, Collection
from itertools import groupby
from operator import attrgetter

from shared.kernel.clock import monotonic
from shared.kernel.people import the_service
from shared.messaging import inbox
from shared.messaging.backoff import Backoff
from shared.messaging.bad_release import FailureWatch, StopRules
from shared.messaging.batch import BATCH_RECORDS, Applier
from shared.messaging.failures import is_infrastructure, raised_at
from shared.messaging.inbox import Fence, Fenced, Place
from shared.messaging.lag import Lag, lag_behind
from shared.messaging.letter import opened
from shared.messaging.log import Away, BrokerAway, EventLog, PositionLost, Received, Subscription, TopicPartition
from shared.observability import metrics
from shared.observability.logging import get_logger
from shared.store.unit_of_work import UnitOfWork

HINT_EVERY_SECONDS = 1.0
WATCHDOG_SECONDS = 30.0
_topic = attrgetter("topic")
_log = get_logger(__name__)


class Consumer:
    """One service's consumer. Not thread-safe."""

    def __init__(self, applier: Applier, log: EventLog, topics: Collection[str], *, stop_rules: StopRules) -> None:
        self._applier = applier
        self._service = applier.service
        self._log = log
        self._topics = tuple(sorted(topics))
        self._subscription: Subscription | None = None
        self._next: dict[TopicPartition, int] = {}
        self._jumped: set[TopicPartition] = set()
        self._stopped: set[TopicPartition] = set()
        self._watches = {topic: FailureWatch(stop_rules) for topic in self._topics}
        self._pause = Backoff()
        self._hints: dict[TopicPartition, int] = {}
        self._hinted_at = 0.0
        self._progress_at = monotonic()
        self._assigned: frozenset[TopicPartition] = frozenset()
        self._away: Away | None = None

    @property
    def reads(self) -> bool:
        """Whether this service consumes anything at all."""
        return bool(self._topics)

    @property
    def stopped(self) -> frozenset[TopicPartition]:
        """Partitions that a bad release has stopped; only a new start reads them again."""
        return frozenset(self._stopped)

    @property
    def stopped_topics(self) -> frozenset[str]:
        return frozenset(partition.topic for partition in self._stopped)

    @property
    def away(self) -> Away | None:
        """What reading pauses for just now."""
        return self._away

    def step(self, timeout_seconds: float, *, stopping: Callable[[], bool] = lambda: False) -> int:
        """Poll once and apply what came; the number of records dealt with. Waits out a pause by doing nothing."""
        if not self._topics or self._pause.waiting:
            return 0
        try:
            done = self._read(timeout_seconds, stopping)
        except BrokerAway as away:
            self._failed(away.why, away)
            return 0
        except Exception as error:
            if not is_infrastructure(error):
                raise
            self._next.clear()  # whether the last commit happened is not known: ask the database
            self._failed(Away.DATABASE, error)
            return 0
        self._away = None
        self._pause.succeeded()
        return done

    def lag(self) -> Lag:
        """How far the database is behind the log's ends. Raises BrokerAway and infrastructure errors."""
        if not self._topics:
            return Lag({})
        subscription = self._subscribed()
        partitions = subscription.partitions()
        if not partitions:
            raise BrokerAway("partitions are not known yet")
        with self._unit(read_only=True) as uow:
            fences = inbox.fences_of(uow.session, self._service)
        return lag_behind(fences, subscription, partitions)

    def watch(self, lag: Lag) -> bool:
        """Rebuild the consumer when there is something to read and nothing was read for 30 s; whether it did."""
        readable = any(count for partition, count in lag.behind.items() if partition not in self._stopped)
        if not readable or self._pause.waiting:
            self._progress_at = monotonic()
        if monotonic() - self._progress_at < WATCHDOG_SECONDS:
            return False
        _log.error(
            "nothing was read for 30 s though there is something; building a new consumer", service=self._service
        )
        metrics.CONSUMER_REBUILDS.labels(self._service).inc()
        self._drop()
        self._progress_at = monotonic()
        return True

    @property
    def seconds_without_progress(self) -> float:
        return monotonic() - self._progress_at

    def close(self) -> None:
        """Tell the log where the database stands, and leave the group."""
        try:
            self._hint(force=True)
        finally:
            self._drop()

    def _read(self, timeout_seconds: float, stopping: Callable[[], bool]) -> int:
        subscription = self._subscribed()
        try:
            polled = subscription.poll(BATCH_RECORDS * 4, timeout_seconds)
        except PositionLost as lost:
            for partition in lost.partitions:
                self._next.pop(partition, None)
            polled = {}
        assigned = subscription.assignment()
        if assigned != self._assigned:
            metrics.REBALANCES.labels(self._service).inc()
            self._assigned = assigned
            self._next = {partition: at for partition, at in self._next.items() if partition in assigned}
            self._hints = {partition: at for partition, at in self._hints.items() if partition in assigned}
        fresh = assigned - self._next.keys()
        for partition in sorted(fresh):
            self._start_at_fence(subscription, partition)
        here = [
            record
            for partition, records in polled.items()
            if partition not in fresh and partition in self._next and self._are_next(subscription, partition, records)
            for record in records
        ]
        done = sum(
            self._apply(subscription, topic, list(records), stopping)
            for topic, records in groupby(sorted(here, key=_topic), key=_topic)
        )
        self._hint()
        if done:
            self._progress_at = monotonic()
        return done

    def _are_next(self, subscription: Subscription, partition: TopicPartition, records: list[Received]) -> bool:
        """Whether `records` are to be applied now; where not, reading goes back to what is."""
        expected = self._next[partition]
        if partition in self._stopped:
            subscription.pause(partition)
            subscription.seek(partition, expected)
            return False
        first = records[0].offset
        # a gap that is there again when asked for anew is one in the log itself
        if first == expected or (first > expected and partition in self._jumped):
            self._jumped.discard(partition)
            return True
        self._jumped.add(partition)
        subscription.seek(partition, expected)
        return False

    def _apply(
        self, subscription: Subscription, topic: str, records: list[Received], stopping: Callable[[], bool]
    ) -> int:
        """Apply what follows on each of the topic's partitions; the number of records dealt with."""
        done = 0
        ahead = [opened(record) for record in records]
        while ahead:
            if stopping():
                for partition in {record.topic_partition for record, _ in ahead}:
                    subscription.seek(partition, self._next[partition])
                break
            left_out: frozenset[int] = frozenset()
            try:
                expected = {partition.partition: at for partition, at in self._next.items() if partition.topic == topic}
                tally = self._applier.apply(ahead, self._watches[topic], expected=expected)
            except Fenced as fenced:
                left_out = fenced.partitions
                self._start_anew(subscription, topic, left_out)
            else:
                reached = {record.partition: record.offset + 1 for record, _ in ahead[: tally.read]}
                for number, offset in reached.items():
                    at = TopicPartition(topic, number)
                    self._next[at] = self._hints[at] = offset
                done += tally.read
                ahead = ahead[tally.read :]
                if tally.stop:
                    stopped = ahead[0][0].topic_partition
                    self._stop(subscription, stopped)
                    left_out = frozenset({stopped.partition})
            ahead = [each for each in ahead if each[0].partition not in left_out]
        return done

    def _start_anew(self, subscription: Subscription, topic: str, partitions: Collection[int]) -> None:
        metrics.FENCED.labels(self._service, topic).inc(len(partitions))
        _log.warning("fenced: another consumer reads here", service=self._service, topic=topic)
        for partition in sorted(partitions):
            self._start_at_fence(subscription, TopicPartition(topic, partition))

    def _start_at_fence(self, subscription: Subscription, partition: TopicPartition) -> None:
        topic_id = subscription.topic_id(partition.topic)
        if topic_id is None:
            return  # the log doesn't know the topic yet; the next poll asks again
        beginning = subscription.beginning_offsets([partition])[partition]
        place = self._place(partition, topic_id)
        with self._unit() as uow:
            kept = inbox.read_fence(uow.session, place)
            fence = self._moved_to_beginning(uow, place, kept, beginning)
        subscription.seek(partition, fence.next_offset)
        self._next[partition] = fence.next_offset
        self._jumped.discard(partition)

    def _moved_to_beginning(self, uow: UnitOfWork, place: Place, kept: Fence | None, beginning: int) -> Fence:
        if kept is not None and kept.next_offset >= beginning:
            return kept
        if kept is not None:
            lost = beginning - kept.next_offset
            metrics.RECORDS_LOST.labels(self._service, place.topic).inc(lost)
            _log.error(
                "the log has dropped records that were never read",
                service=self._service,
                topic=place.topic,
                partition=place.partition,
                records=lost,
            )
        return inbox.set_fence(uow.session, place, beginning=beginning)

    def _stop(self, subscription: Subscription, partition: TopicPartition) -> None:
        self._stopped.add(partition)
        subscription.seek(partition, self._next[partition])
        subscription.pause(partition)
        metrics.STOPPED_PARTITIONS.labels(self._service, partition.topic).inc()
        _log.critical(
            "too many patients' events fail: this release stops reading the partition",
            service=self._service,
            topic=partition.topic,
            partition=partition.partition,
        )

    def _failed(self, what: Away, error: Exception) -> None:
        if self._away is not what:
            _log.warning(
                "reading pauses",
                service=self._service,
                away=what.value,
                reason=str(error) if isinstance(error, BrokerAway) else type(error).__name__,
                raised_at=raised_at(error),
            )
        self._away = what
        self._pause.failed()
        self._next.clear()
        metrics.CONSUMER_PAUSES.labels(self._service).inc()

    def _hint(self, *, force: bool = False) -> None:
        """Commit to the log after the database: a crash between the two repeats events, which the fence absorbs."""
        if not self._hints or self._subscription is None:
            return
        if not force and monotonic() - self._hinted_at < HINT_EVERY_SECONDS:
            return
        hints, self._hints = self._hints, {}
        self._hinted_at = monotonic()
        try:
            self._subscription.commit(hints)
        except BrokerAway:
            self._hints = hints | self._hints  # told again by and by: nothing new may come to be told with
            _log.info("the log did not take the positions; the database has them", service=self._service)

    def _subscribed(self) -> Subscription:
        if self._subscription is None:
            self._subscription = self._log.subscribe(self._service, self._topics)
        return self._subscription

    def _drop(self) -> None:
        self._next.clear()
        self._hints.clear()
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            subscription.close()

    def _place(self, partition: TopicPartition, topic_id: str) -> Place:
        return Place(self._service, partition.topic, topic_id, partition.partition)

    def _unit(self, *, read_only: bool = False) -> UnitOfWork:
        return UnitOfWork(
            self._applier.engine, actor=the_service(self._service), correlation_id="", read_only=read_only
        )
