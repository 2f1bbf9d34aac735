"""A service's worker, until its standard input ends: SERVICE EVENTS DATABASE DATA ANSWER.

Maintenance's is the whole service's; any other one's relays and consumes nothing. Says "ready" when it is. ANSWER
gets when each journal's effects were committed, by the machine's monotonic clock.
"""

import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

from shared.contracts.registry import subject_of
from shared.kernel.clock import monotonic
from shared.launch.collector import settle
from shared.messaging.letter import Letter, SetHandler
from shared.messaging.log import open_log
from shared.messaging.worker import Worker
from shared.observability.logging import configure_logging
from shared.store.engine import open_engine
from shared.store.unit_of_work import UnitOfWork
from tests.bench.events.journals import TOPIC
from tests.bench.events.ours.maintenance import maintenance_on, platform_on


def main(service: str, events: str, database: str, data: Path, answer: Path) -> None:
    log = open_log(events, data)
    applied: dict[str, float] = {}
    if service == "maintenance":
        worker = noting(maintenance_on(log, database)[1], applied)
    else:
        platform = platform_on(log)
        worker = Worker(service, open_engine(database), log, {}, [], platform.clock, platform.sealer)
    settle()
    stop = Flag()
    thread = Thread(target=worker.run, args=(stop,))
    thread.start()
    if service == "maintenance":
        wait_until_reading(worker)
    print("ready", flush=True)
    sys.stdin.read()
    stop.set()
    thread.join(30)
    answer.write_text(json.dumps(applied))


def noting(worker: Worker, applied: dict[str, float]) -> Worker:
    """`worker`, maintenance's, which notes in `applied` when each journal's effects were committed."""
    handlers = worker._applier.handlers
    assert isinstance(handlers, dict)
    handlers[TOPIC] = SetHandler(_noting(handlers[TOPIC], applied))
    return worker


def wait_until_reading(worker: Worker) -> None:
    while not worker._consumer._next:
        time.sleep(0.05)


def _noting(real: object, applied: dict[str, float]) -> Any:
    assert isinstance(real, SetHandler)

    def apply(uow: UnitOfWork, letters: Sequence[Letter], now: datetime) -> None:
        real.apply(uow, letters, now)
        journals = [str(subject_of(letter.event)) for letter in letters]
        uow.after_commit(lambda: applied.update(dict.fromkeys(journals, monotonic())))

    return apply


if __name__ == "__main__":
    configure_logging(level="CRITICAL")
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5]))
