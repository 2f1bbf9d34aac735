"""How clients are made, and which of their errors mean that the broker is away."""

from collections.abc import Callable
from typing import Any, TypeVar

from kafka import errors as kafka_errors
from kafka.net.compat import KafkaNetClient

from shared.messaging.log import Away, BrokerAway, KafkaAddress, KafkaCredentials

CALL_MS = 5000
AWAY = (kafka_errors.KafkaError, OSError)
_REFUSALS = (
    kafka_errors.SaslAuthenticationFailedError,
    kafka_errors.UnsupportedSaslMechanismError,
    kafka_errors.IllegalSaslStateError,
)
Made = TypeVar("Made")


def broker_away(error: Exception) -> BrokerAway:
    """`error` as the rest of messaging knows it; of what it says only its kind is kept."""
    refused = isinstance(error, _REFUSALS)
    forbidden = isinstance(error, kafka_errors.AuthorizationError)
    why = Away.SIGN_IN if refused else Away.RIGHTS if forbidden else Away.LOG
    return BrokerAway(type(error).__name__, why)


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
    """Construct a client. When its bootstrap fails, close the network thread that its constructor leaves running, and
    raise why the broker refused to let us in, where it did, instead of that it took too long."""
    clients: list[Any] = []
    failures: list[BaseException] = []

    def network(**kwargs: Any) -> Any:
        # kafka-python's own 10 to 30 s would outlast the outage of a broker that accepts and says nothing
        patience = {"socket_connection_setup_timeout_ms": 3000, "socket_connection_setup_timeout_max_ms": 3000}
        client = KafkaNetClient(**kwargs, **patience)
        clients.append(client)
        connect = client._manager.get_connection

        def connect_and_note(*args: Any, **options: Any) -> Any:
            connection = connect(*args, **options)
            connection.init_future.add_errback(failures.append)
            return connection

        client._manager.get_connection = connect_and_note
        return client

    try:
        client = kind(kafka_client=network, **settings)
    except BaseException as error:
        for network_client in clients:
            network_client.close()
        refusals = [failure for failure in failures if isinstance(failure, _REFUSALS)]
        raise (refusals[0] if refusals else error) from None
    for network_client in clients:
        del network_client._manager.get_connection
    return client
