"""A broker with the settings of deploy/kafka/broker.env: clients sign in and may do what the registry says."""

import atexit
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.registry import SERVICES
from shared.messaging.kafka import KafkaLog
from shared.messaging.log import KafkaAddress, KafkaCredentials
from tests.support.containers import KAFKA_IMAGE, free_port, need_docker

_SETTINGS = Path(__file__).parents[2] / "deploy" / "kafka" / "broker.env"
PASSWORDS = {service: f"fictional-{service}" for service in SERVICES}


@dataclass(frozen=True)
class GuardedKafka:
    """`admin` may do everything, as in the container of the broker itself."""

    clients: str
    admin: str

    def admin_log(self) -> KafkaLog:
        return KafkaLog(KafkaAddress((self.admin,)), KafkaCredentials())

    def log_as(self, user: str, password: str | None = None) -> KafkaLog:
        credentials = KafkaCredentials(user, password or PASSWORDS[user], "SASL_PLAINTEXT")
        return KafkaLog(KafkaAddress((self.clients,)), credentials)


@pytest.fixture(scope="session")
def guarded_kafka() -> GuardedKafka:
    """One broker for the whole run, provisioned from the registry."""
    need_docker()
    return _start()


def guarded_container(clients: int, admin: int) -> Any:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    container = DockerContainer(KAFKA_IMAGE)
    lines = [line for line in _SETTINGS.read_text().splitlines() if line and not line.startswith("#")]
    settings = dict(line.split("=", 1) for line in lines) | {
        # the same listeners, where the test can reach them; the host's loopback is as private as the container's
        "KAFKA_LISTENERS": f"CLIENTS://:{clients},ADMIN://:{admin},CONTROLLER://localhost:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"CLIENTS://localhost:{clients},ADMIN://localhost:{admin}",
        "KAFKA_LOG_DIRS": "/tmp/kafka-logs",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "3",
        "KAFKA_LOG_FLUSH_INTERVAL_MESSAGES": "100000",
    }
    for port in (clients, admin):
        container.ports[str(port)] = ("127.0.0.1", port)
    for name, value in settings.items():
        container = container.with_env(name, value)
    return container.waiting_for(LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(120))


@cache
def _start() -> GuardedKafka:
    clients, admin = free_port(), free_port()
    container = guarded_container(clients, admin)
    container.start()
    atexit.register(container.stop)
    guarded = GuardedKafka(f"localhost:{clients}", f"localhost:{admin}")
    log = guarded.admin_log()
    assert log.provision(PASSWORDS) == []
    log.close()
    return guarded
