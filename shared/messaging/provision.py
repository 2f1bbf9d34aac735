"""Brings the event log to what the registry asks: `python -m shared.messaging.provision kafka://host:port`, or
AFTERGLOW_EVENTS. Topics, and where the broker checks rights: one SCRAM-SHA-512 user a service and who may do what.

Safe to repeat; deletes no record. A user is made or changed when its password is given, as
AFTERGLOW_<SERVICE>_KAFKA_PASSWORD. Waits for a broker that is slow to start (2 minutes unless `--wait SECONDS` says
otherwise). With `--dry-run` it changes nothing and only says what differs.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from math import inf
from pathlib import Path
from threading import Event as Flag

from shared.contracts.registry import SERVICES
from shared.kernel.clock import monotonic
from shared.messaging.log import BadLogUrl, BrokerAway, Difference, EventLog, KafkaCredentials, open_log
from shared.observability.logging import configure_logging, get_logger

_AGAIN_SECONDS = 2.0
_log = get_logger(__name__)


def provision(log: EventLog, *, wait_seconds: float = inf, stop: Flag | None = None) -> bool:
    """Create missing topics; False when the log was away for all of `wait_seconds`, or `stop` was set meanwhile."""

    def ensure() -> list[Difference]:
        log.ensure_topics()
        return []

    return _patiently(ensure, wait_seconds, stop or Flag()) is not None


def passwords_from(environ: Mapping[str, str]) -> dict[str, str]:
    """The services' Kafka passwords by service, those that are given."""
    named = {service: f"AFTERGLOW_{service.upper()}_KAFKA_PASSWORD" for service in SERVICES}
    return {service: environ[name] for service, name in named.items() if environ.get(name)}


def open_from(environ: Mapping[str, str], events: str) -> EventLog:
    """The log at `events`, as the user that `environ` names (AFTERGLOW_KAFKA_*); raises BadLogUrl."""
    credentials = KafkaCredentials(
        user=environ.get("AFTERGLOW_KAFKA_USER") or None,
        password=environ.get("AFTERGLOW_KAFKA_PASSWORD") or None,
        security=environ.get("AFTERGLOW_KAFKA_SECURITY") or None,
    )
    return open_log(events, Path(environ.get("AFTERGLOW_DATA", ".data")), credentials)


def main(arguments: list[str]) -> int:
    """0 when the log is as asked but for what a person must decide (told as warnings); 1 when it stayed away, 2 for an
    address that can't be read, 3 when it took something and doesn't show it, or when a dry run found any difference."""
    parser = argparse.ArgumentParser(prog="python -m shared.messaging.provision", description=__doc__)
    parser.add_argument("events", nargs="?", default=os.environ.get("AFTERGLOW_EVENTS", ""))
    parser.add_argument("--wait", type=float, default=120.0, metavar="SECONDS")
    parser.add_argument("--dry-run", action="store_true")
    chosen = parser.parse_args(arguments)
    configure_logging()
    try:
        log = open_from(os.environ, chosen.events)
    except BadLogUrl as error:
        _log.error("the address of the event log can't be read", message=str(error))
        return 2
    try:
        act = log.differences if chosen.dry_run else lambda: log.provision(passwords_from(os.environ))
        left = _patiently(act, chosen.wait, Flag())
    finally:
        log.close()
    if left is None:
        _log.error("the event log stayed away; is it running, and are user, password and security right?")
        return 1
    for difference in left:
        _log.warning("the event log differs from the registry", difference=difference.what, by_hand=difference.by_hand)
    if chosen.dry_run:
        _log.info("the event log was compared", differences=len(left))
        return 3 if left else 0
    _log.info("the event log is provisioned", differences=len(left))
    return 0 if all(difference.by_hand for difference in left) else 3


def _patiently(act: Callable[[], list[Difference]], wait_seconds: float, stop: Flag) -> list[Difference] | None:
    """What `act` answers once the log is there; None when it was away for all of `wait_seconds`, or `stop` was set."""
    until = monotonic() + wait_seconds
    while not stop.is_set():
        try:
            return act()
        except BrokerAway as away:
            if monotonic() >= until:
                return None
            _log.info("the event log isn't there yet", reason=str(away), away=away.why.value)
            stop.wait(_AGAIN_SECONDS)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
