"""Each metric moves when what it counts happens: shown through the code that moves it in production.

tests/architecture/test_metrics.py holds that every metric of the one list is moved here.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase
from sqlalchemy import insert, update

from shared.kernel.clock import machine_now, monotonic
from shared.kernel.errors import Conflict, Unavailable
from shared.messaging import consumer, relay, worker
from shared.messaging.bad_release import StopRules
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.embedded_file import read_heads
from shared.messaging.hostility import Batches, Calm, Hostile, Hostility
from shared.messaging.inbox import consumer_offset
from shared.messaging.jobs import Job
from shared.messaging.log import EventLog
from shared.messaging.outbox import outbox
from shared.messaging.parking import RetryRules
from shared.observability import metrics
from shared.store.engine import open_engine
from tests.integration.messaging.conftest import desk_on
from tests.integration.messaging.test_kafka_and_postgres import Running
from tests.support.bus import NOON, TOPIC, Desk, a_booster_due, a_record, create_tables
from tests.support.tiny_app import Tiny

SERVICE = "measured"


class Unread(Calm):
    """A log that has records and hands none out."""

    def deliver(self, batches: Batches) -> Batches:
        return {}


class Bus:
    """One service that publishes and consumes, whose log and handler a test may break."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(f"sqlite:///{folder}/{SERVICE}.db")
        create_tables(self.engine)
        self._folder = folder
        self.log = EmbeddedLog(folder / "events.db")

    def desk(
        self, *, hostility: Hostility | None = None, stop: StopRules | None = None, job: Job | None = None
    ) -> Desk:
        self.log.close()
        self.log = EmbeddedLog(self._folder / "events.db", hostility=hostility)
        rules = RetryRules(first=timedelta(hours=1), jitter=0.0)
        return Desk(
            SERVICE, self.engine, self.log, jobs=[job] if job else [], retry=rules, stop_rules=stop or StopRules()
        )

    def close(self) -> None:
        self.log.close()
        self.engine.dispose()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    made = Bus(tmp_path)
    yield made
    made.close()


def raises(error: Exception) -> Callable[..., None]:
    def handler(*_: object) -> None:
        raise error

    return handler


def a_fact_travels(bus: Bus) -> Desk:
    desk = bus.desk()
    desk.publish(a_booster_due())
    return desk


def a_record_comes_twice(bus: Bus) -> Desk:
    desk, record = bus.desk(), a_record(a_booster_due(), seq=1)
    bus.log.append([record, record])
    return desk


def a_record_is_missing(bus: Bus) -> Desk:
    desk = bus.desk()
    bus.log.append([a_record(a_booster_due(), seq=2)])
    return desk


def a_record_is_no_event(bus: Bus) -> Desk:
    desk = bus.desk()
    bus.log.append([a_record(a_booster_due(), seq=1, value=b"no event")])
    return desk


def an_event_cannot_be_applied(bus: Bus) -> Desk:
    desk = a_fact_travels(bus)
    desk.handler = raises(Conflict("wrong-state"))
    return desk


def a_release_is_bad(bus: Bus) -> Desk:
    desk = bus.desk(stop=StopRules(keys=1, more_than_share=0.0))
    desk.publish(a_booster_due())
    desk.handler = raises(Conflict("wrong-state"))
    return desk


def the_database_is_away(bus: Bus) -> Desk:
    desk = a_fact_travels(bus)
    desk.handler = raises(Unavailable("the database is away"))
    return desk


def another_moves_the_fence(bus: Bus) -> Desk:
    desk = bus.desk()
    desk.publish(a_booster_due())
    desk.worker.step()
    with desk.unit() as uow:
        uow.session.execute(update(consumer_offset).values(next_offset=consumer_offset.c.next_offset + 1))
    for _ in range(30):  # some in every partition
        bus.log.append([a_record(a_booster_due(), seq=1)])
    return desk


def the_log_drops_what_was_not_read(bus: Bus) -> Desk:
    desk = bus.desk()
    patient = uuid4()
    bus.log.append([a_record(a_booster_due(patient), seq=1)])
    desk.worker.step()
    bus.log.append([a_record(a_booster_due(patient), seq=seq) for seq in (2, 3, 4)])
    with bus.log.writing() as connection:
        for head in read_heads(connection).values():
            connection.execute("DELETE FROM record WHERE place >= ? AND place < ?", (head.place(0), head.place(3)))
        connection.execute("UPDATE head SET first_offset = min(3, next_offset)")
    desk.new_worker()
    return desk


def nothing_is_handed_out(bus: Bus) -> Desk:
    desk = bus.desk(hostility=Unread())
    bus.log.append([a_record(a_booster_due(), seq=1)])
    return desk


def the_log_is_away(bus: Bus) -> Desk:
    desk = bus.desk(hostility=Hostile(seed=1, bounce=1.0))
    desk.publish(a_booster_due())
    return desk


def the_log_refuses_a_patient(bus: Bus) -> Desk:
    desk = bus.desk()
    _write_fact(desk, topic="no-such-topic", headers="{}")
    return desk


def the_outbox_holds_what_cannot_be_sent(bus: Bus) -> Desk:
    desk = bus.desk()
    _write_fact(desk, topic=TOPIC, headers="no JSON")
    return desk


def _write_fact(desk: Desk, *, topic: str, headers: str) -> None:
    row = {"topic": topic, "key": "k", "key_seq": 1, "headers": headers, "payload": b"{}", "created_at": machine_now()}
    with desk.unit() as uow:
        uow.session.execute(insert(outbox).values(**row))


def a_job_is_due(bus: Bus) -> Desk:
    done: list[object] = []
    return bus.desk(job=Job("a-job", lambda _: None if done else NOON, lambda _, now: done.append(now)))


def a_job_fails(bus: Bus) -> Desk:
    return bus.desk(job=Job("a-job", lambda _: NOON, raises(ValueError())))


BY_TOPIC = {"service": SERVICE, "topic": TOPIC}
BY_SERVICE = {"service": SERVICE}
MOVED_BY: dict[MetricWrapperBase, tuple[Callable[[Bus], Desk], dict[str, str]]] = {
    metrics.LAG: (the_database_is_away, {"consumergroup": SERVICE, "topic": TOPIC}),
    metrics.LAG_SECONDS: (the_database_is_away, BY_TOPIC),
    metrics.APPLIED: (a_fact_travels, BY_TOPIC),
    metrics.DUPLICATES: (a_record_comes_twice, BY_TOPIC),
    metrics.GAPS: (a_record_is_missing, BY_TOPIC),
    metrics.QUARANTINED: (a_record_is_no_event, BY_TOPIC),
    metrics.HANDLER_SECONDS: (a_fact_travels, BY_TOPIC),
    metrics.FENCED: (another_moves_the_fence, BY_TOPIC),
    metrics.RECORDS_LOST: (the_log_drops_what_was_not_read, BY_TOPIC),
    metrics.CONSUMER_REBUILDS: (nothing_is_handed_out, BY_SERVICE),
    metrics.CONSUMER_PAUSES: (the_database_is_away, BY_SERVICE),
    metrics.STOPPED_PARTITIONS: (a_release_is_bad, BY_TOPIC),
    metrics.PARKED: (an_event_cannot_be_applied, BY_TOPIC | {"state": "failing"}),
    metrics.PARKED_OLDEST_SECONDS: (a_record_is_missing, BY_TOPIC | {"state": "gap"}),
    metrics.PUBLISHED: (a_fact_travels, BY_TOPIC),
    metrics.OUTBOX_ROWS: (the_log_is_away, BY_SERVICE),
    metrics.OUTBOX_OLDEST_SECONDS: (the_log_is_away, BY_SERVICE),
    metrics.BLOCKED_KEYS: (the_log_refuses_a_patient, BY_SERVICE),
    metrics.PRODUCER_REBUILDS: (the_log_is_away, BY_SERVICE),
    metrics.JOB_RUNS: (a_job_is_due, BY_SERVICE | {"job": "a-job"}),
    metrics.JOB_FAILURES: (a_job_fails, BY_SERVICE | {"job": "a-job"}),
    metrics.LOOP_FAILURES: (the_outbox_holds_what_cannot_be_sent, BY_SERVICE | {"loop": "relay"}),
}


def value(metric: MetricWrapperBase, labels: dict[str, str]) -> float:
    """The sum over all series that have `labels`; of a histogram, how much it has seen."""
    suffix = "_total" if isinstance(metric, Counter) else "_count" if isinstance(metric, Histogram) else ""
    return sum(
        sample.value
        for family in metric.collect()
        for sample in family.samples
        if sample.name == metric._name + suffix and labels.items() <= sample.labels.items()
    )


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits half a minute in production waits half a second here."""
    monkeypatch.setattr(worker, "MEASURE_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(consumer, "WATCHDOG_SECONDS", 0.5)
    monkeypatch.setattr(relay, "REBUILD_AFTER_SECONDS", 0.5)


@pytest.mark.usefixtures("in_a_hurry")
@pytest.mark.parametrize("metric", MOVED_BY, ids=lambda metric: metric._name)
def test_it_moves_when_what_it_counts_happens(metric: MetricWrapperBase, bus: Bus) -> None:
    happens, labels = MOVED_BY[metric]
    before = value(metric, labels)
    with Running(happens(bus)):
        _wait(lambda: value(metric, labels) > before)


@pytest.mark.usefixtures("in_a_hurry")
def test_lag_comes_back_to_nothing_when_all_is_well_again(bus: Bus) -> None:
    desk = the_database_is_away(bus)
    with Running(desk):
        _wait(lambda: value(metrics.LAG, {"consumergroup": SERVICE}) == 1)
        _wait(lambda: value(metrics.LAG_SECONDS, BY_TOPIC) > 0)
        desk.handler = lambda *_: None
        _wait(lambda: value(metrics.LAG, {"consumergroup": SERVICE}) == value(metrics.LAG_SECONDS, BY_TOPIC) == 0)


@pytest.mark.docker
def test_a_rebalance_is_counted(on_postgres: str, kafka_log: EventLog) -> None:
    with desk_on(on_postgres, SERVICE, kafka_log, consumes=True) as first, Running(first):
        first.publish(a_booster_due())
        _wait(lambda: len(first.noted()) == 1)
        before = value(metrics.REBALANCES, {"service": SERVICE})
        with desk_on(on_postgres, SERVICE, kafka_log, consumes=True) as second, Running(second):
            _wait(lambda: value(metrics.REBALANCES, {"service": SERVICE}) > before)


def test_requests_are_counted_and_timed(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path)
    labels = {"service": "tiny", "route": "/tiny/v1/cups"}
    before = value(metrics.HTTP_REQUESTS, labels), value(metrics.HTTP_DURATION, labels)
    tiny.call("GET", "/cups")
    tiny.close()
    assert (value(metrics.HTTP_REQUESTS, labels), value(metrics.HTTP_DURATION, labels)) == (
        before[0] + 1,
        before[1] + 1,
    )


def _wait(happened: Callable[[], bool]) -> None:
    until = monotonic() + 60
    while not happened():
        assert monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
