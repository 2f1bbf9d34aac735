"""Integration's worker, maintenance's and the writer in one process on SQLite and the embedded log, as `make run` has
them: FOLDER SECONDS RATE. Says how long each journal took from commit to commit."""

import json
import sys
import time
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from shared.messaging.log import open_log
from shared.messaging.worker import Worker
from shared.observability.logging import configure_logging
from shared.store.engine import open_engine
from shared.store.migrate import upgrade
from tests.bench.events.ours.maintenance import maintenance_on, platform_on
from tests.bench.events.ours.work import noting, wait_until_reading
from tests.bench.events.ours.write import written


def main(folder: Path, seconds: int, rate: int) -> None:
    log = open_log("embedded", folder)
    engines = {service: open_engine(f"sqlite:///{folder}/{service}.db") for service in ("integration", "maintenance")}
    for service, engine in engines.items():
        upgrade(engine, service)
    platform = platform_on(log)
    applied: dict[str, float] = {}
    integration = Worker("integration", engines["integration"], log, {}, [], platform.clock, platform.sealer)
    maintenance = noting(maintenance_on(log, f"sqlite:///{folder}/maintenance.db")[1], applied)
    stop = Flag()
    threads = [Thread(target=worker.run, args=(stop,), daemon=True) for worker in (integration, maintenance)]
    for thread in threads:
        thread.start()
    wait_until_reading(maintenance)
    committed, late = written(engines["integration"], seconds, rate)
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join(25)
    taken = [(applied[journal] - at) * 1000 for journal, (at, _) in committed.items()]
    print(json.dumps({"taken_ms": taken, "late_seconds": late}))


if __name__ == "__main__":
    configure_logging(level="CRITICAL")
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
