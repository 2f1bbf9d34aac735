"""Integration writing journals at a rate, each in a transaction of its own: DATABASE SECONDS RATE POISONED_IN ANSWER.

Of `POISONED_IN` journals one names a site that nobody knows (0: none), each of a patient of its own. Tells the relay's
process as `serve` does. ANSWER gets when each was committed, by the machine's monotonic clock.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Event as Flag
from uuid import uuid4

from sqlalchemy import Engine

from shared.kernel.clock import machine_now, monotonic
from shared.kernel.people import the_service
from shared.messaging.outbox import publish
from shared.messaging.wakeup import start_outbox_notifier
from shared.observability.logging import configure_logging
from shared.store.engine import open_engine
from shared.store.unit_of_work import UnitOfWork
from tests.bench.events.journals import a_journal, patient

_WRITERS = 4
_PATIENTS = 400


def main(database: str, seconds: int, rate: int, poisoned_in: int, answer: Path) -> None:
    engine = open_engine(database)
    stop = Flag()
    start_outbox_notifier(engine, stop)
    committed, late = written(engine, seconds, rate, poisoned_in)
    time.sleep(0.5)
    stop.set()
    answer.write_text(json.dumps(committed))
    print(json.dumps({"late_seconds": late}))


def written(
    engine: Engine, seconds: int, rate: int, poisoned_in: int = 0
) -> tuple[dict[str, tuple[float, bool]], float]:
    """Journal → when it was committed and whether it is poisoned; and by how many seconds the writing fell behind."""
    random = Random()
    committed: dict[str, tuple[float, bool]] = {}
    began = monotonic() + 0.5

    def write(number: int) -> None:
        poisoned = poisoned_in > 0 and number % poisoned_in == poisoned_in // 2
        person, site = (uuid4(), "nowhere") if poisoned else (patient(number % _PATIENTS), "riverside")
        event = a_journal(person, random, site_id=site)
        time.sleep(max(0.0, began + number / rate - monotonic()))
        uow = UnitOfWork(engine, actor=the_service("integration"), correlation_id="bench")
        with uow:
            publish(uow, event, now=machine_now())
            committed[str(event.journal_id)] = (monotonic(), poisoned)  # the commit's own time is in the figure

    with ThreadPoolExecutor(_WRITERS) as writers:
        list(writers.map(write, range(seconds * rate)))
    return committed, monotonic() - began - seconds


if __name__ == "__main__":
    configure_logging(level="CRITICAL")
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
