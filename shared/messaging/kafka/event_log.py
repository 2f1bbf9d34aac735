"""One broker (or several) as the event log: topics, producers, subscriptions, and whether it answers."""

from collections.abc import Callable, Collection
from contextlib import suppress
from threading import Lock
from typing import Any

from kafka import KafkaAdminClient
from kafka import errors as kafka_errors

from shared.contracts.registry import REGISTRY, RETENTION
from shared.kernel.clock import monotonic
from shared.messaging.kafka.connection import AWAY, CALL_MS, connection_settings, made
from shared.messaging.kafka.producer import KafkaLogProducer
from shared.messaging.kafka.subscription import KafkaSubscription
from shared.messaging.log import BrokerAway, KafkaAddress, KafkaCredentials, Producer

_REACHABLE_FOR_SECONDS = 3.0


class KafkaLog:
    """`address.prefix` stands before every topic's and group's name."""

    # what is acknowledged is handed out within a few fetches
    step_patience_seconds = 0.2

    def __init__(self, address: KafkaAddress, credentials: KafkaCredentials) -> None:
        self._prefix = f"{address.prefix}." if address.prefix else ""
        self._settings = connection_settings(address, credentials)
        self._admin: Any = None
        self._admin_lock = Lock()
        self._answered_at = float("-inf")

    def producer(self) -> Producer:
        return KafkaLogProducer(self._settings, self.physical)

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

    def wake(self) -> None:
        """Nothing: a poll there waits a tenth of a second, and a consumer belongs to the thread that polls it."""

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
                    "retention.ms": str(int(RETENTION.total_seconds() * 1000)),
                    "min.insync.replicas": str(in_sync),
                    "unclean.leader.election.enable": "false",
                },
            }
            for contract in REGISTRY
            if self.physical(contract.topic) not in there
        }
        if missing:
            with suppress(kafka_errors.TopicAlreadyExistsError):  # another process was faster
                admin.create_topics(missing, timeout_ms=CALL_MS)
        admin.wait_for_topics([self.physical(contract.topic) for contract in REGISTRY], timeout_ms=CALL_MS)

    def _ask(self, act: Callable[[Any], None]) -> None:
        with self._admin_lock:
            try:
                if self._admin is None:
                    self._admin = made(KafkaAdminClient, request_timeout_ms=3000, **self._settings)
                act(self._admin)
            except AWAY as error:
                self._drop_admin()
                raise BrokerAway(type(error).__name__) from error

    def _drop_admin(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()
