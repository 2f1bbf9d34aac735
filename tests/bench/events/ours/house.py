"""Integration and maintenance as threads of one process on SQLite and the embedded log: FOLDER COUNT.

Integration's outbox is full when they start; the time runs until maintenance has applied the last journal.
"""

import json
import sys
import time
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from shared.kernel.clock import monotonic
from shared.messaging.log import open_log
from shared.messaging.worker import Worker
from shared.observability.logging import configure_logging
from shared.store.engine import open_engine
from shared.store.migrate import upgrade
from tests.bench.events.ours.maintenance import applied, maintenance_on, platform_on
from tests.bench.events.ours.outbox import fill_outbox

_LONGEST_SECONDS = 200


def main(folder: Path, count: int) -> None:
    log = open_log("embedded", folder)
    engines = {service: open_engine(f"sqlite:///{folder}/{service}.db") for service in ("integration", "maintenance")}
    for service, engine in engines.items():
        upgrade(engine, service)
    fill_outbox(engines["integration"], count)
    platform = platform_on(log)
    integration = Worker("integration", engines["integration"], log, {}, [], platform.clock, platform.sealer)
    _, maintenance = maintenance_on(log, f"sqlite:///{folder}/maintenance.db")
    stop = Flag()
    threads = [Thread(target=worker.run, args=(stop,), daemon=True) for worker in (integration, maintenance)]
    began = monotonic()
    for thread in threads:
        thread.start()
    while applied() < count:
        assert monotonic() - began < _LONGEST_SECONDS, f"only {applied()} of {count} were applied in time"
        time.sleep(0.02)
    print(json.dumps({"per_second": count / (monotonic() - began)}))
    stop.set()
    for thread in threads:
        thread.join(25)


if __name__ == "__main__":
    configure_logging(level="CRITICAL")
    main(Path(sys.argv[1]), int(sys.argv[2]))
