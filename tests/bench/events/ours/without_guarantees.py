"""The same batches and the same handler without fence, sequence, parked lines and savepoint: EVENTS DATABASE COUNT.

What it does twice after a crash, or out of order, nobody notices: it is here to say what the guarantees cost.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path

from services.maintenance.handlers import handlers
from shared.kernel.clock import monotonic
from shared.kernel.people import the_service
from shared.messaging.batch import BATCH_RECORDS
from shared.messaging.letter import Letter, SetHandler, opened
from shared.messaging.log import PositionLost, Received, TopicPartition, open_log
from shared.observability.logging import configure_logging
from shared.store.unit_of_work import UnitOfWork
from tests.bench.events.journals import TOPIC
from tests.bench.events.ours.maintenance import maintenance_on


def main(events: str, database: str, count: int) -> None:
    log = open_log(events, Path())
    deps, _ = maintenance_on(log, database)
    handler = handlers(deps)[TOPIC]
    assert isinstance(handler, SetHandler)
    subscription = log.subscribe("without", [TOPIC])
    started: set[TopicPartition] = set()
    done, first, began = 0, 0, 0.0
    while done < count:
        polled: dict[TopicPartition, list[Received]] = {}
        with suppress(PositionLost):
            polled = subscription.poll(BATCH_RECORDS * 4, 1.0)
        fresh = subscription.assignment() - started
        for partition in fresh:
            subscription.seek(partition, 0)
        started |= fresh
        for partition, records in polled.items():
            if partition in fresh:
                continue
            letters = [letter for _, letter in map(opened, records) if isinstance(letter, Letter)]
            for start in range(0, len(letters), BATCH_RECORDS):
                with UnitOfWork(deps.engine, actor=the_service("maintenance"), correlation_id="") as uow:
                    handler.apply(uow, letters[start : start + BATCH_RECORDS], deps.clock.now())
            done += len(letters)
        if not first and done:
            first, began = done, monotonic()
    print(json.dumps({"per_second": (done - first) / (monotonic() - began)}))
    subscription.close()


if __name__ == "__main__":
    configure_logging(level="CRITICAL")
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
