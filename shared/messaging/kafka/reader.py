"""Looking into Kafka's topics beside the service's group: partitions are assigned by hand and nothing is committed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kafka import KafkaConsumer
from kafka import TopicPartition as KafkaPartition

from shared.kernel.clock import monotonic
from shared.messaging.kafka.connection import AWAY, CALL_MS, broker_away, made
from shared.messaging.kafka.received import received
from shared.messaging.log import BrokerAway, Received, TopicPartition

_READ_SECONDS = 10.0


class KafkaReader:
    def __init__(self, settings: Mapping[str, Any], prefix: str) -> None:
        self._settings = settings
        self._prefix = prefix
        self._consumer: Any = None

    def partitions(self, topic: str) -> list[TopicPartition]:
        found = self._called(lambda consumer: consumer.partitions_for_topic(self._prefix + topic))
        if not found:
            raise BrokerAway("partitions are not known yet")
        return [TopicPartition(topic, partition) for partition in sorted(found)]

    def bounds(self, partition: TopicPartition) -> tuple[int, int]:
        place = self._physical(partition)
        beginning = self._called(lambda consumer: consumer.beginning_offsets([place], timeout_ms=CALL_MS))[place]
        return beginning, self._called(lambda consumer: consumer.end_offsets([place], timeout_ms=CALL_MS))[place]

    def offset_at(self, partition: TopicPartition, instant: datetime) -> int:
        place, millis = self._physical(partition), int(instant.timestamp() * 1000)
        found = self._called(lambda consumer: consumer.offsets_for_times({place: millis}, timeout_ms=CALL_MS))[place]
        return self.bounds(partition)[1] if found is None else int(found.offset)

    def read(self, partition: TopicPartition, offset: int, limit: int) -> list[Received]:
        beginning, end = self.bounds(partition)
        if offset >= end:
            return []
        place = self._physical(partition)
        self._called(lambda consumer: consumer.assign([place]))
        self._called(lambda consumer: consumer.seek(place, max(offset, beginning)))
        until = monotonic() + _READ_SECONDS
        while monotonic() < until:
            polled = self._called(lambda consumer: consumer.poll(timeout_ms=1000, max_records=limit))
            if polled.get(place):
                return self._received(partition, polled[place])
        raise BrokerAway("nothing came")

    def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            consumer.close(autocommit=False, timeout_ms=2000)

    def _received(self, partition: TopicPartition, records: list[Any]) -> list[Received]:
        topic_id = str(self._called(lambda consumer: consumer._cluster.topic_id(self._prefix + partition.topic)))
        return [received(partition.topic, topic_id, record) for record in records]

    def _called(self, act: Callable[[Any], Any]) -> Any:
        try:
            if self._consumer is None:
                self._consumer = made(
                    KafkaConsumer,
                    group_id=None,
                    enable_auto_commit=False,
                    auto_offset_reset="earliest",  # what retention dropped meanwhile is no error for who only looks
                    request_timeout_ms=10000,
                    allow_auto_create_topics=False,
                    **self._settings,
                )
            return act(self._consumer)
        except AWAY as error:
            self.close()
            raise broker_away(error) from error

    def _physical(self, partition: TopicPartition) -> Any:
        return KafkaPartition(self._prefix + partition.topic, partition.partition)
