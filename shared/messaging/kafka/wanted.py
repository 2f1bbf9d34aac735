"""What the registry asks of a Kafka cluster: topics with their settings, one user a service, and who may do what."""

from collections.abc import Callable
from typing import NamedTuple

from shared.contracts.registry import REGISTRY, RETENTION
from shared.messaging.log import MAX_RECORD_BYTES

RETENTION_MS = int(RETENTION.total_seconds() * 1000)

Physical = Callable[[str], str]


class Right(NamedTuple):
    """`operation` is "read" or "write", `kind` is "topic" or "group"; what both imply (describe) isn't said again."""

    user: str
    operation: str
    kind: str
    name: str


def replicas_for(brokers: int) -> int:
    """Three copies where there are three brokers, else one."""
    return 3 if brokers >= 3 else 1


def topic_settings(replicas: int) -> dict[str, str]:
    """With three copies a fact is acknowledged when two have it: one broker may fail, and writing goes on."""
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(RETENTION_MS),
        "retention.bytes": "-1",
        "max.message.bytes": str(MAX_RECORD_BYTES),
        "min.insync.replicas": "2" if replicas >= 3 else "1",
        "unclean.leader.election.enable": "false",
    }


def wanted_rights(physical: Physical) -> frozenset[Right]:
    """Each topic is written by its producer alone and read by its consumers alone, each in its own group."""
    found = {Right(c.producer, "write", "topic", physical(c.topic)) for c in REGISTRY}
    for contract in REGISTRY:
        for service in contract.consumers:
            found.add(Right(service, "read", "topic", physical(contract.topic)))
            found.add(Right(service, "read", "group", physical(service)))
    return frozenset(found)
