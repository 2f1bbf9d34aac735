"""Commit in one service → visible in the next, embedded and on Kafka: `python -m tests.bench.events_latency`.

Measured from before the producer's transaction until the consumer's handler has run, against the floor of the same
run: a bare produce → poll round trip of the same log. Kafka is measured when Docker is there.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Condition, Thread
from threading import Event as Flag
from uuid import UUID, uuid4

from shared.contracts.registry import Event
from shared.kernel.clock import monotonic
from shared.messaging.log import EventLog, PositionLost, open_log
from shared.messaging.provision import provision
from shared.store.engine import open_engine
from shared.store.unit_of_work import UnitOfWork
from tests.bench.table import print_table
from tests.support.bus import TOPIC, Desk, a_booster_due, a_record, create_tables
from tests.support.containers import docker_away, free_port, kafka_container

ROUNDS = 300
WARM_UP = 20


def bare_round_trips(log: EventLog) -> list[float]:
    """Seconds from publish to poll, one record at a time, with one thread that polls."""
    subscription = log.subscribe("bench", [TOPIC])
    started: set[object] = set()
    arrived = Condition()
    seen: set[str] = set()
    stop = Flag()

    def read() -> None:
        while not stop.is_set():
            with suppress(PositionLost):
                polled = subscription.poll(100, 0.1)
                with arrived:
                    seen.update(str(record.key) for records in polled.values() for record in records)
                    arrived.notify_all()
            fresh = subscription.assignment() - started
            for partition, end in subscription.end_offsets(fresh).items():
                subscription.seek(partition, end)
            started.update(fresh)

    reader = Thread(target=read, daemon=True)
    reader.start()
    producer = log.producer()
    while len(started) < 6:
        stop.wait(0.05)
    taken = []
    for _ in range(WARM_UP + ROUNDS):
        record = a_record(a_booster_due(), seq=1)
        began = monotonic()
        assert producer.publish([record]) == [None]
        with arrived:
            assert arrived.wait_for(lambda key=record.key: key in seen, 30)  # type: ignore[misc]
        taken.append(monotonic() - began)
    stop.set()
    reader.join(10)
    subscription.close()
    producer.close()
    return taken[WARM_UP:]


def through_the_services(log: EventLog, folder: Path) -> list[float]:
    """Seconds from before a commit in maintenance to the end of intake's handler, both workers running."""
    arrived = Condition()
    seen: set[UUID] = set()

    def note_arrival(uow: UnitOfWork, event: Event, now: datetime) -> None:
        with arrived:
            seen.add(event.patient_id)
            arrived.notify_all()

    desks = []
    for service in ("maintenance", "intake"):
        engine = open_engine(f"sqlite:///{folder}/{service}.db")
        create_tables(engine)
        desks.append(Desk(service, engine, log, handler=note_arrival, consumes=service == "intake"))
    maintenance = desks[0]
    stop = Flag()
    threads = [Thread(target=desk.worker.run, args=(stop,), daemon=True) for desk in desks]
    for thread in threads:
        thread.start()
    taken = []
    for _ in range(WARM_UP + ROUNDS):
        patient = uuid4()
        began = monotonic()
        maintenance.publish(a_booster_due(patient))
        with arrived:
            assert arrived.wait_for(lambda patient=patient: patient in seen, 60)  # type: ignore[misc]
        taken.append(monotonic() - began)
    stop.set()
    for thread in threads:
        thread.join(25)
    for desk in desks:
        desk.engine.dispose()
    return taken[WARM_UP:]


def measure(name: str, log: EventLog, folder: Path) -> list[tuple[str, ...]]:
    bare = bare_round_trips(log)
    whole = through_the_services(log, folder)
    floor = statistics.median(bare)
    return [_row(f"{name}: bare produce → poll", bare, floor), _row(f"{name}: commit → handled", whole, floor)]


def on_kafka(folder: Path) -> list[tuple[str, ...]]:
    port = free_port()
    broker = kafka_container(port)
    broker.start()
    try:
        log = open_log(f"kafka://localhost:{port}/bench", folder)
        assert provision(log, wait_seconds=60)
        return measure("Kafka", log, folder)
    finally:
        broker.stop()


def _row(what: str, taken: list[float], floor: float) -> tuple[str, ...]:
    p50, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
    return what, f"{p50 * 1000:.1f}", f"{p99 * 1000:.1f}", f"{p50 / floor:.1f}"


def main() -> None:
    rows: list[tuple[str, ...]] = []
    parts: list[Callable[[Path], list[tuple[str, ...]]]] = [
        lambda folder: measure("embedded", open_log("embedded", folder), folder)
    ]
    if away := docker_away():
        print(f"Kafka is not measured: {away}", file=sys.stderr)
    else:
        parts.append(on_kafka)
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            rows += part(Path(folder))
    print_table(f"one fact at a time, {ROUNDS} rounds", ("what", "p50 ms", "p99 ms", "p50 against bare"), rows)


if __name__ == "__main__":
    main()
