"""Why Kafka can't be used, in the likely causes a person can look into."""

import socket
import time

from shared.contracts.registry import REGISTRY, SERVICES
from shared.kernel.clock import monotonic
from shared.launch.settings import BaseSettings
from shared.messaging.log import Away, BrokerAway, EventLog, parse_kafka_url

_PATIENCE_SECONDS = 3.0


def kafka_trouble(settings: BaseSettings, log: EventLog) -> str | None:
    """A sentence with the likely cause, None when the broker answers and has the topics. Takes some seconds."""
    servers = parse_kafka_url(settings.events).servers
    silent = [server for server in servers if not _listens(server)]
    if len(silent) == len(servers):
        return (
            f"Nothing listens at {', '.join(silent)}. Is the broker up, and is this the address of the listener for "
            "clients (inside Compose it is another than from the host)?"
        )
    try:
        missing = _missing_topics(log, _topics_of(settings.kafka_user))
    except BrokerAway as away:
        return _refusal(settings, away)
    if missing:
        return (
            f"Topics are not provisioned: {', '.join(missing)}. Run `python -m services topics apply "
            f"{settings.events}` (or this user may not see them)."
        )
    return None


def _refusal(settings: BaseSettings, away: BrokerAway) -> str:
    who = settings.kafka_user or "nobody"
    if away.why is Away.SIGN_IN:
        return (
            f"The broker doesn't let {who} in: either it has no such user or the password is another. Look at "
            "AFTERGLOW_KAFKA_USER and _PASSWORD; `python -m services topics apply` sets a service's password anew."
        )
    if away.why is Away.RIGHTS:
        return f"The broker refuses {who} ({away}): `python -m services topics apply --dry-run` says what is missing."
    return (
        f"Something listens and doesn't answer as a broker ({away}). Either its advertised listener can't be reached "
        f"from here, or it wants another AFTERGLOW_KAFKA_SECURITY than {settings.kafka_security} (we came as {who})."
    )


def _topics_of(user: str | None) -> list[str]:
    """A service's user sees its own topics only."""
    return [c.topic for c in REGISTRY if user not in SERVICES or user in (c.producer, *c.consumers)]


def _missing_topics(log: EventLog, wanted: list[str]) -> list[str]:
    """Raises BrokerAway."""
    subscription = log.subscribe("doctor", wanted)
    try:
        give_up = monotonic() + _PATIENCE_SECONDS
        while True:
            there = {partition.topic for partition in subscription.partitions()}
            if len(there) == len(wanted) or monotonic() > give_up:
                return [topic for topic in wanted if topic not in there]
            time.sleep(0.2)
    finally:
        subscription.close()


def _listens(server: str) -> bool:
    host, _, port = server.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
    except OSError:
        return False
    return True
