"""One broker (or several) as the event log: topics, producers, subscriptions, and whether it answers."""

from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import Any, TypeVar

from kafka import KafkaAdminClient

from shared.kernel.clock import monotonic
from shared.messaging.kafka.connection import AWAY, broker_away, connection_settings, made
from shared.messaging.kafka.producer import KafkaLogProducer
from shared.messaging.kafka.provisioning import Provisioning
from shared.messaging.kafka.reader import KafkaReader
from shared.messaging.kafka.subscription import KafkaSubscription
from shared.messaging.log import Away, BrokerAway, Difference, KafkaAddress, KafkaCredentials, Producer

_REACHABLE_FOR_SECONDS = 3.0
Asked = TypeVar("Asked")


class KafkaLog:
    """`address.prefix` stands before every topic's and group's name."""

    # what is acknowledged is handed out within a few fetches
    step_patience_seconds = 0.2

    def __init__(self, address: KafkaAddress, credentials: KafkaCredentials) -> None:
        self._prefix = f"{address.prefix}." if address.prefix else ""
        self._servers = len(address.servers)
        self._settings = connection_settings(address, credentials)
        self._admin: Any = None
        self._admin_lock = Lock()
        self._answered_at = float("-inf")

    def producer(self) -> Producer:
        return KafkaLogProducer(self._settings, self.physical)

    def subscribe(self, consumer: str, topics: Collection[str]) -> "KafkaSubscription":
        return KafkaSubscription(self._settings, self._prefix, consumer, tuple(topics))

    def reader(self) -> KafkaReader:
        return KafkaReader(self._settings, self._prefix)

    def physical(self, topic: str) -> str:
        """The topic's name on the broker."""
        return self._prefix + topic

    def ensure_topics(self) -> None:
        self._ask(lambda admin: self._provisioning(admin).create_missing_topics())

    def differences(self) -> list[Difference]:
        return self._ask(lambda admin: self._provisioning(admin).differences())

    def provision(self, passwords: Mapping[str, str]) -> list[Difference]:
        return self._ask(lambda admin: self._provisioning(admin, passwords).apply())

    def away(self) -> Away | None:
        if monotonic() - self._answered_at < _REACHABLE_FOR_SECONDS:
            return None
        try:
            self._ask(lambda admin: admin.describe_cluster())
        except BrokerAway as away:
            return away.why
        self._answered_at = monotonic()
        return None

    def wake(self) -> None:
        """Nothing: a poll there waits a tenth of a second, and a consumer belongs to the thread that polls it."""

    def close(self) -> None:
        with self._admin_lock:
            self._drop_admin()

    def _provisioning(self, admin: Any, passwords: Mapping[str, str] | None = None) -> Provisioning:
        return Provisioning(admin, self.physical, brokers=self._servers, passwords=passwords or {})

    def _ask(self, act: Callable[[Any], Asked]) -> Asked:
        with self._admin_lock:
            try:
                if self._admin is None:
                    self._admin = made(KafkaAdminClient, request_timeout_ms=3000, **self._settings)
                return act(self._admin)
            except AWAY as error:
                self._drop_admin()
                raise broker_away(error) from error

    def _drop_admin(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()
