"""One run of the way from a commit in integration to the commit in maintenance: writer, relay and consumer as three
processes on Kafka and PostgreSQL, or in one process on the embedded log and SQLite, as each is run."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.bench.events.stage import Stage, finished, measured, started

RATE = 200


@dataclass(frozen=True)
class Times:
    """Milliseconds from commit to commit."""

    p50: float
    p99: float
    late_seconds: float


def on_kafka(stage: Stage, seconds: int, *, poisoned_in: int = 0) -> Times:
    with tempfile.TemporaryDirectory() as folder:
        events = f"kafka://{stage.server}/{stage.topics()}"
        databases = {service: stage.database(service) for service in ("integration", "maintenance")}
        return _travel(events, databases, Path(folder), seconds, poisoned_in)


def embedded(seconds: int) -> Times:
    with tempfile.TemporaryDirectory() as folder:
        answer = measured("ours.one_process", folder, seconds, RATE)
        return _times(answer["taken_ms"], answer["late_seconds"])


def _travel(events: str, databases: dict[str, str], folder: Path, seconds: int, poisoned_in: int) -> Times:
    written = folder / "written.json"
    applied = {service: folder / f"{service}.json" for service in databases}
    workers = [
        started("ours.work", service, events, database, folder, applied[service])
        for service, database in databases.items()
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    late = finished(started("ours.write", databases["integration"], seconds, RATE, poisoned_in, written))
    for worker in workers:
        _end(worker)
    arrived = json.loads(applied["maintenance"].read_text())
    taken = [
        (arrived[journal] - at) * 1000
        for journal, (at, poisoned) in json.loads(written.read_text()).items()
        if not poisoned
    ]
    return _times(taken, late["late_seconds"])


def _times(taken: list[float], late_seconds: float) -> Times:
    return Times(median(taken), quantiles(taken, n=100)[98], late_seconds)


def _end(worker: "subprocess.Popen[str]") -> None:
    worker.communicate(timeout=60)
    assert worker.returncode == 0
