"""How clients are made, and which of their errors mean that the broker is away."""

from collections.abc import Callable
from typing import Any, TypeVar

from kafka import errors as kafka_errors
from kafka.net.compat import KafkaNetClient

from shared.messaging.log import KafkaAddress, KafkaCredentials

CALL_MS = 5000
AWAY = (kafka_errors.KafkaError, OSError)
Made = TypeVar("Made")


def connection_settings(address: KafkaAddress, credentials: KafkaCredentials) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "bootstrap_servers": list(address.servers),
        "bootstrap_timeout_ms": CALL_MS,
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


def made(kind: Callable[..., Made], **settings: Any) -> Made:
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
