"""How clients are made, and which of their errors mean that the broker is away."""

from collections.abc import Callable, Sequence
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


def refusal_among(failures: Sequence[tuple[Any, Exception]]) -> Exception | None:
    """Why the broker doesn't let us in, from kafka-python's connections and what each failed with; None when it is
    something else.

    A broker that refuses answers and hangs up, and kafka-python drops an answer that comes together with the end: a
    connection that came as far as signing in and was hung up on then was refused too, when all of them were.
    """
    refusals: list[Exception] = [failure for _, failure in failures if isinstance(failure, _REFUSALS)]
    if refusals:
        return refusals[0]
    hung_up = [
        connection.sasl_enabled and connection.broker_version_data is not None and "socket disconnected" in str(failure)
        for connection, failure in failures
    ]
    if not hung_up or not all(hung_up):
        return None
    refused: Exception = kafka_errors.SaslAuthenticationFailedError("hung up while signing in")
    return refused


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
    failures: list[tuple[Any, Exception]] = []

    def network(**kwargs: Any) -> Any:
        # kafka-python's own 10 to 30 s would outlast the outage of a broker that accepts and says nothing
        patience = {"socket_connection_setup_timeout_ms": 3000, "socket_connection_setup_timeout_max_ms": 3000}
        client = KafkaNetClient(**kwargs, **patience)
        clients.append(client)
        connect = client._manager.get_connection

        def connect_and_note(*args: Any, **options: Any) -> Any:
            connection = connect(*args, **options)
            connection.init_future.add_errback(lambda failure: failures.append((connection, failure)))
            return connection

        client._manager.get_connection = connect_and_note
        return client

    try:
        client = kind(kafka_client=network, **settings)
    except BaseException as error:
        for network_client in clients:
            network_client.close()
        raise refusal_among(failures) or error from None
    for network_client in clients:
        del network_client._manager.get_connection
    return client
