"""The event log on Apache Kafka. The only module that imports kafka-python (3.0.12 or later; earlier 3.0 stall).

Everything connects when it is first used, and what kafka-python raises for a broker that is away leaves here as
BrokerAway. The consumer's position is never taken from Kafka: `auto_offset_reset="none"` makes a partition without a
known position say so (PositionLost) instead of jumping silently.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka import TopicPartition as KafkaPartition
from kafka import errors as kafka_errors
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.net.compat import KafkaNetClient
from kafka.structs import OffsetAndMetadata

from shared.contracts.registry import REGISTRY
from shared.kernel.clock import monotonic
from shared.messaging.log import (
    BrokerAway,
    KafkaAddress,
    KafkaCredentials,
    PositionLost,
    Producer,
    Received,
    Record,
    RecordRefused,
    TopicPartition,
)

RETENTION_MS = 30 * 24 * 3600 * 1000
PUBLISH_SECONDS = 12.0
_CALL_MS = 5000
_REACHABLE_FOR_SECONDS = 3.0
_AWAY = (kafka_errors.KafkaError, OSError)
Made = TypeVar("Made")


class KafkaLog:
    """`address.prefix` stands before every topic's and group's name."""

    # what is acknowledged is handed out within a few fetches
    step_patience_seconds = 0.2

    def __init__(self, address: KafkaAddress, credentials: KafkaCredentials) -> None:
        self._prefix = f"{address.prefix}." if address.prefix else ""
        self._settings = _connection_settings(address, credentials)
        self._admin: Any = None
        self._admin_lock = Lock()
        self._answered_at = float("-inf")

    def producer(self) -> Producer:
        return _KafkaProducer(self._settings, self.physical)

    def subscribe(self, consumer: str, topics: Collection[str]) -> "KafkaSubscription":
        return KafkaSubscription(self._settings, self._prefix, consumer, tuple(topics))

    def physical(self, topic: str) -> str:
        """The topic's name on the broker."""
        return self._prefix + topic

    def ensure_topics(self) -> None:
        self._ask(self._create_missing)

    def reachable(self) -> bool:
        if monotonic() - self._answered_at < _REACHABLE_FOR_SECONDS:
            return True
        try:
            self._ask(lambda admin: admin.describe_cluster())
        except BrokerAway:
            return False
        self._answered_at = monotonic()
        return True

    def close(self) -> None:
        with self._admin_lock:
            self._drop_admin()

    def _create_missing(self, admin: Any) -> None:
        """Three copies and two in sync where there are three brokers, else one; partitions are fixed for good."""
        brokers = len(admin.describe_cluster()["brokers"])
        copies, in_sync = (3, 2) if brokers >= 3 else (1, 1)
        there = set(admin.list_topics())
        missing = {
            self.physical(contract.topic): {
                "num_partitions": contract.partitions,
                "replication_factor": copies,
                "configs": {
                    "cleanup.policy": "delete",
                    "retention.ms": str(RETENTION_MS),
                    "min.insync.replicas": str(in_sync),
                    "unclean.leader.election.enable": "false",
                },
            }
            for contract in REGISTRY
            if self.physical(contract.topic) not in there
        }
        if missing:
            with suppress(kafka_errors.TopicAlreadyExistsError):  # another process was faster
                admin.create_topics(missing, timeout_ms=_CALL_MS)
        admin.wait_for_topics([self.physical(contract.topic) for contract in REGISTRY], timeout_ms=_CALL_MS)

    def _ask(self, act: Callable[[Any], None]) -> None:
        with self._admin_lock:
            try:
                if self._admin is None:
                    self._admin = _made(KafkaAdminClient, request_timeout_ms=3000, **self._settings)
                act(self._admin)
            except _AWAY as error:
                self._drop_admin()
                raise BrokerAway(type(error).__name__) from error

    def _drop_admin(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()


class _KafkaProducer:
    def __init__(self, settings: Mapping[str, Any], physical: Callable[[str], str]) -> None:
        self._settings = settings
        self._physical = physical
        self._producer: Any = None
        self._unsettled: list[Any] = []

    def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        until = monotonic() + PUBLISH_SECONDS
        if not self._settle(until):
            # what an earlier call sent is still under way: sending it again would only pile up copies
            return [BrokerAway("still waiting for acknowledgements")] * len(records)
        try:
            producer = self._connected()
        except BrokerAway as away:
            return [away] * len(records)
        sent = self._send_all(producer, records)
        with suppress(*_AWAY):  # only to linger no longer than needed: each record's own future is asked below
            producer.flush(timeout=max(0.0, until - monotonic()))
        return [self._outcome(future, until) for future in sent]

    def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=1)
        except kafka_errors.KafkaTimeoutError:
            # close gives up when its flush does, and leaves the sending thread running
            producer._sender.force_close()

    def _send_all(self, producer: Any, records: Sequence[Record]) -> list[Any]:
        """A future a record, or the error that kept it from being sent."""
        sent: list[Any] = []
        away: BrokerAway | None = None
        for record in records:
            if away is not None:
                sent.append(away)
                continue
            try:
                sent.append(
                    producer.send(
                        self._physical(record.topic),
                        key=record.key.encode(),
                        value=record.value,
                        headers=[(name, text.encode()) for name, text in record.headers.items()],
                    )
                )
            except (kafka_errors.MessageSizeTooLargeError, kafka_errors.AuthorizationError, ValueError) as error:
                sent.append(RecordRefused(type(error).__name__))
            except _AWAY as error:
                away = BrokerAway(type(error).__name__)
                sent.append(away)
        return sent

    def _outcome(self, sent: Any, until: float) -> Exception | None:
        if isinstance(sent, Exception):
            return sent
        try:
            sent.get(timeout=max(0.0, until - monotonic()))
        except kafka_errors.KafkaTimeoutError as error:
            if not sent.is_done:
                self._unsettled.append(sent)
            return BrokerAway(type(error).__name__)
        except kafka_errors.KafkaError as error:
            return BrokerAway(type(error).__name__) if _is_away(error) else RecordRefused(type(error).__name__)
        return None

    def _settle(self, until: float) -> bool:
        for future in self._unsettled:
            try:
                future.get(timeout=max(0.0, until - monotonic()))
            except kafka_errors.KafkaError:
                if not future.is_done:
                    return False
        self._unsettled.clear()
        return True

    def _connected(self) -> Any:
        if self._producer is None:
            try:
                self._producer = _made(
                    KafkaProducer,
                    enable_idempotence=True,
                    acks="all",
                    linger_ms=5,
                    batch_size=131072,
                    delivery_timeout_ms=30000,
                    request_timeout_ms=10000,
                    max_block_ms=_CALL_MS,
                    allow_auto_create_topics=False,
                    **self._settings,
                )
            except _AWAY as error:
                raise BrokerAway(type(error).__name__) from error
        return self._producer


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
            polled = consumer.poll(timeout_ms=int(timeout_seconds * 1000), max_records=max_records)
        except (kafka_errors.NoOffsetForPartitionError, kafka_errors.OffsetOutOfRangeError) as error:
            raise PositionLost([self._logical(partition) for partition in error.args[0]]) from error
        except kafka_errors.LogTruncationError as error:
            raise PositionLost([self._logical(partition) for partition in error.divergent_offsets]) from error
        except _AWAY as error:
            raise BrokerAway(type(error).__name__) from error
        return {self._logical(place): self._received(place, records) for place, records in polled.items() if records}

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset(self._logical(partition) for partition in self._connected().assignment())

    def position(self, partition: TopicPartition) -> int | None:
        position: int | None = self._called(
            lambda consumer: consumer.position(self._physical(partition), timeout_ms=_CALL_MS)
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
        return [
            Received(
                topic=topic,
                topic_id=topic_id,
                partition=record.partition,
                offset=record.offset,
                key=None if record.key is None else record.key.decode(errors="backslashreplace"),
                headers={name: (text or b"").decode(errors="backslashreplace") for name, text in record.headers},
                value=record.value or b"",
            )
            for record in records
        ]

    def _offsets(self, ask: str, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        places = [self._physical(partition) for partition in partitions]
        found = self._called(lambda consumer: getattr(consumer, ask)(places, timeout_ms=_CALL_MS))
        return {self._logical(place): offset for place, offset in found.items()}

    def _called(self, act: Callable[[Any], Any]) -> Any:
        consumer = self._connected()
        try:
            return act(consumer)
        except (*_AWAY, AssertionError) as error:
            # an AssertionError is how seek and pause say that the partition was taken away meanwhile
            raise BrokerAway(type(error).__name__) from error

    def _connected(self) -> Any:
        if self._consumer is None:
            try:
                self._consumer = _made(
                    KafkaConsumer,
                    group_id=self._group,
                    enable_auto_commit=False,
                    auto_offset_reset="none",
                    partition_assignment_strategy=(CooperativeStickyAssignor,),
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
            except _AWAY as error:
                raise BrokerAway(type(error).__name__) from error
        return self._consumer

    def _physical(self, partition: TopicPartition) -> Any:
        return KafkaPartition(self._prefix + partition.topic, partition.partition)

    def _logical(self, partition: Any) -> TopicPartition:
        return TopicPartition(partition.topic.removeprefix(self._prefix), partition.partition)


def _connection_settings(address: KafkaAddress, credentials: KafkaCredentials) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "bootstrap_servers": list(address.servers),
        "bootstrap_timeout_ms": _CALL_MS,
        "reconnect_backoff_ms": 250,  # a proxy that accepts and hangs up is met again and again at this pace
        "reconnect_backoff_max_ms": 1000,
        "security_protocol": credentials.security or ("SASL_PLAINTEXT" if credentials.user else "PLAINTEXT"),
    }
    if credentials.user:
        settings |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": credentials.user,
            "sasl_plain_password": credentials.password,
        }
    return settings


def _made(kind: Callable[..., Made], **settings: Any) -> Made:
    """Construct a client; when its bootstrap fails, close the network thread that its constructor leaves running."""
    clients: list[Any] = []

    def network(**kwargs: Any) -> Any:
        clients.append(KafkaNetClient(**kwargs))
        return clients[-1]

    try:
        return kind(kafka_client=network, **settings)
    except BaseException:
        for client in clients:
            client.close()
        raise


def _is_away(error: Exception) -> bool:
    refused = (
        kafka_errors.MessageSizeTooLargeError,
        kafka_errors.RecordListTooLargeError,
        kafka_errors.CorruptRecordError,
        kafka_errors.AuthorizationError,
        kafka_errors.InvalidTopicError,
    )
    return not isinstance(error, refused)
