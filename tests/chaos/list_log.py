"""A log in memory whose every mishap is the test's to say: order, copies, and who is assigned what."""

from collections.abc import Collection, Mapping
from uuid import UUID

from shared.messaging.log import Producer, Received, Record, Subscription, TopicPartition
from tests.support.bus import TOPIC

PARTITIONS = 2


class ListLog:
    """Partitions as lists; what each consumer is assigned is the test's to say."""

    step_patience_seconds = 0.0

    def __init__(self) -> None:
        self.partitions: list[list[Record]] = [[] for _ in range(PARTITIONS)]

    def append(self, record: Record) -> None:
        self.partitions[UUID(record.key).int % PARTITIONS].append(record)

    def subscribe(self, consumer: str, topics: Collection[str]) -> "ListSubscription":
        return ListSubscription(self)

    def producer(self) -> Producer:
        raise NotImplementedError

    def reader(self, *_: object) -> object:
        raise NotImplementedError

    def ensure_topics(self) -> None: ...

    def reachable(self) -> bool:
        return True

    def close(self) -> None: ...


class ListSubscription(Subscription):
    """Thinks that everything is its own until it is told otherwise: so two of them are a zombie and its successor."""

    def __init__(self, log: ListLog) -> None:
        self._log = log
        self.assigned = {TopicPartition(TOPIC, n) for n in range(PARTITIONS)}
        self._at = dict.fromkeys(self.assigned, 0)

    def poll(self, max_records: int, timeout_seconds: float) -> dict[TopicPartition, list[Received]]:
        found = {}
        for place in sorted(self.assigned):
            start = self._at.get(place, 0)
            records = self._log.partitions[place.partition][start : start + 3]
            self._at[place] = start + len(records)
            if records:
                found[place] = [
                    Received(r.topic, "t", place.partition, start + n, r.key, dict(r.headers), r.value)
                    for n, r in enumerate(records)
                ]
        return found

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset(self.assigned)

    def position(self, partition: TopicPartition) -> int | None:
        return self._at.get(partition)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._at[partition] = offset

    def pause(self, partition: TopicPartition) -> None: ...

    def commit(self, positions: Mapping[TopicPartition, int]) -> None: ...

    def partitions(self) -> frozenset[TopicPartition]:
        return frozenset(TopicPartition(TOPIC, n) for n in range(PARTITIONS))

    def beginning_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return {place: len(self._log.partitions[place.partition]) for place in partitions}

    def topic_id(self, topic: str) -> str | None:
        return "t"

    def close(self) -> None: ...
