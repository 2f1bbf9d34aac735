"""Creates the topics of the registry: `python -m shared.messaging.provision kafka://host:port`, or AFTERGLOW_EVENTS.

Safe to repeat. Waits for a broker that is slow to start (2 minutes unless `--wait SECONDS` says otherwise).
"""

import argparse
import os
import sys
from math import inf
from pathlib import Path
from threading import Event as Flag

from shared.kernel.clock import monotonic
from shared.messaging.log import BadLogUrl, BrokerAway, EventLog, KafkaCredentials, open_log
from shared.observability.logging import configure_logging, get_logger

_AGAIN_SECONDS = 2.0
_log = get_logger(__name__)


def provision(log: EventLog, *, wait_seconds: float = inf, stop: Flag | None = None) -> bool:
    """Create what is missing; False when the log was away for all of `wait_seconds`, or `stop` was set meanwhile."""
    until = monotonic() + wait_seconds
    stop = stop or Flag()
    while not stop.is_set():
        try:
            log.ensure_topics()
            return True
        except BrokerAway as away:
            if monotonic() >= until:
                return False
            _log.info("the event log isn't there yet", reason=str(away))
            stop.wait(_AGAIN_SECONDS)
    return False


def main(arguments: list[str]) -> int:
    """0 when all topics are there, 1 when the log stayed away, 2 for an address that can't be read."""
    parser = argparse.ArgumentParser(prog="python -m shared.messaging.provision", description=__doc__)
    parser.add_argument("events", nargs="?", default=os.environ.get("AFTERGLOW_EVENTS", ""))
    parser.add_argument("--wait", type=float, default=120.0, metavar="SECONDS")
    chosen = parser.parse_args(arguments)
    configure_logging()
    credentials = KafkaCredentials(
        user=os.environ.get("AFTERGLOW_KAFKA_USER") or None,
        password=os.environ.get("AFTERGLOW_KAFKA_PASSWORD") or None,
        security=os.environ.get("AFTERGLOW_KAFKA_SECURITY") or None,
    )
    try:
        log = open_log(chosen.events, Path(os.environ.get("AFTERGLOW_DATA", ".data")), credentials)
    except BadLogUrl as error:
        _log.error("the address of the event log can't be read", message=str(error))
        return 2
    try:
        if provision(log, wait_seconds=chosen.wait):
            _log.info("all topics are there")
            return 0
    finally:
        log.close()
    _log.error("the event log stayed away; is it running, and are user, password and security right?")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
