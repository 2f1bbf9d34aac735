"""Reads topics as a member of the service's group; where to read from is the fence's to say, never Kafka's."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from kafka import KafkaConsumer
from kafka import TopicPartition as KafkaPartition
from kafka import errors as kafka_errors
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.structs import OffsetAndMetadata

from shared.messaging.kafka.connection import AWAY, CALL_MS, broker_away, made
from shared.messaging.kafka.received import received
from shared.messaging.log import PositionLost, Received, TopicPartition

# after how long the group takes a member for dead and gives its partitions away: a worker that was killed blinds them
# for so long, where kafka-python's own 45 s would leave a sedated person unseen
SESSION_MS = 10_000
# how long one poll waits for the group, when it has to be joined
JOIN_MS = 2000


class KafkaSubscription:
    """A member of the service's group: cooperative-sticky, no automatic commits, no rebalance listener (3.0.12 raises
    when `commit()` is called in one). Who polls compares the assignment before and after."""

    def __init__(self, settings: Mapping[str, Any], prefix: str, consumer: str, topics: tuple[str, ...]) -> None:
        self._settings = settings
        self._prefix = prefix
        self._group = prefix + consumer
        self._topics = topics
        self._consumer: Any = None

    def poll(self, max_records: int, timeout_seconds: float) -> dict[TopicPartition, list[Received]]:
        consumer = self._connected()
        try:
            # kafka-python throws away a join that ends between two polls, and joins anew: on a busy machine for ever
            consumer._coordinator.poll(timeout_ms=JOIN_MS)
            polled = consumer.poll(timeout_ms=int(timeout_seconds * 1000), max_records=max_records)
        except (kafka_errors.NoOffsetForPartitionError, kafka_errors.OffsetOutOfRangeError) as error:
            raise PositionLost([self._logical(partition) for partition in error.args[0]]) from error
        except kafka_errors.LogTruncationError as error:
            raise PositionLost([self._logical(partition) for partition in error.divergent_offsets]) from error
        except AWAY as error:
            raise broker_away(error) from error
        return {self._logical(place): self._received(place, records) for place, records in polled.items() if records}

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset(self._logical(partition) for partition in self._connected().assignment())

    def position(self, partition: TopicPartition) -> int | None:
        position: int | None = self._called(
            lambda consumer: consumer.position(self._physical(partition), timeout_ms=CALL_MS)
        )
        return position

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._called(lambda consumer: consumer.seek(self._physical(partition), offset))

    def pause(self, partition: TopicPartition) -> None:
        self._called(lambda consumer: consumer.pause(self._physical(partition)))

    def commit(self, positions: Mapping[TopicPartition, int]) -> None:
        offsets = {self._physical(place): OffsetAndMetadata(offset, "", -1) for place, offset in positions.items()}
        self._called(lambda consumer: consumer.commit(offsets, timeout_ms=2000))

    def partitions(self) -> frozenset[TopicPartition]:
        cluster = self._connected()._cluster
        return frozenset(
            TopicPartition(topic, partition)
            for topic in self._topics
            for partition in cluster.partitions_for_topic(self._prefix + topic) or ()
        )

    def beginning_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return self._offsets("beginning_offsets", partitions)

    def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return self._offsets("end_offsets", partitions)

    def topic_id(self, topic: str) -> str | None:
        found = self._connected()._cluster.topic_id(self._prefix + topic)
        return None if found is None else str(found)

    def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            consumer.close(autocommit=False, timeout_ms=2000)

    def _received(self, place: Any, records: Sequence[Any]) -> list[Received]:
        topic, topic_id = self._logical(place).topic, str(self._consumer._cluster.topic_id(place.topic))
        return [received(topic, topic_id, record) for record in records]

    def _offsets(self, ask: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        places = [self._physical(partition) for partition in partitions]
        found = self._called(lambda consumer: getattr(consumer, ask)(places, timeout_ms=CALL_MS))
        return {self._logical(place): offset for place, offset in found.items()}

    def _called(self, act: Callable[[Any], Any]) -> Any:
        consumer = self._connected()
        try:
            return act(consumer)
        except (*AWAY, AssertionError) as error:
            # an AssertionError is how seek and pause say that the partition was taken away meanwhile
            raise broker_away(error) from error

    def _connected(self) -> Any:
        if self._consumer is None:
            try:
                self._consumer = made(
                    KafkaConsumer,
                    group_id=self._group,
                    enable_auto_commit=False,
                    auto_offset_reset="none",
                    partition_assignment_strategy=(CooperativeStickyAssignor,),
                    session_timeout_ms=SESSION_MS,
                    heartbeat_interval_ms=SESSION_MS // 4,
                    request_timeout_ms=10000,
                    metadata_max_age_ms=5000,  # how soon topics that are created later are noticed
                    allow_auto_create_topics=False,
                    **self._settings,
                )
                topics = [self._prefix + topic for topic in self._topics]
                self._consumer.subscribe(topics=topics)
                for topic in topics:
                    # a group that is joined before its topics are known is assigned nothing, for a long while
                    self._consumer.partitions_for_topic(topic)
            except AWAY as error:
                raise broker_away(error) from error
        return self._consumer

    def _physical(self, partition: TopicPartition) -> Any:
        return KafkaPartition(self._prefix + partition.topic, partition.partition)

    def _logical(self, partition: Any) -> TopicPartition:
        return TopicPartition(partition.topic.removeprefix(self._prefix), partition.partition)
