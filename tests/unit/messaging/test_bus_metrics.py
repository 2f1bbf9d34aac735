"""Every metric of the bus moves when what it counts happens, and only then."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from threading import Event as Flag
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import update

from shared.contracts.registry import Event
from shared.kernel.errors import Unavailable
from shared.messaging.backoff import Backoff
from shared.messaging.bad_release import StopRules
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.embedded_subscription import EmbeddedSubscription
from shared.messaging.inbox import consumer_offset
from shared.messaging.jobs import Job
from shared.messaging.log import Record, RecordRefused, TopicPartition
from shared.store.unit_of_work import UnitOfWork
from tests.support.bus import NOON, TOPIC, Desk, a_booster_due, a_record, run_until_settled
from tests.unit.messaging.conftest import Machine
from tests.unit.messaging.test_parking import Picky, send

Grew = Callable[..., float]


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def grew() -> Iterator[Grew]:
    """How much a sample has grown since the test first named it; ask once before, once after."""
    first: dict[tuple[object, ...], float] = {}

    def by(name: str, **labels: str) -> float:
        mark = (name, *sorted(labels.items()))
        now = value(name, **labels)
        return now - first.setdefault(mark, now)

    return by


IN = {"service": "intake", "topic": TOPIC}
_OF_EVENTS = ("events_applied_total", "events_duplicate_total", "events_gap_total", "events_quarantined_total")


def test_applied_duplicate_gap_and_quarantined_events_are_counted(log: EmbeddedLog, intake: Desk, grew: Grew) -> None:
    names = [f"afterglow_{name}" for name in (*_OF_EVENTS, "handler_seconds_count")]
    assert [grew(name, **IN) for name in names] == [0] * 5
    patient = uuid4()
    send(log, patient, 1, 1, 3)
    assert not any(log.append([a_record(a_booster_due(), seq=1, value=b"{")]))
    run_until_settled(intake)
    assert [grew(name, **IN) for name in names] == [1, 1, 1, 1, 1]


def test_a_fenced_batch_is_counted(log: EmbeddedLog, intake: Desk, grew: Grew) -> None:
    grew("afterglow_consumer_fenced_total", **IN)
    patient = uuid4()
    send(log, patient, 1)
    run_until_settled(intake)
    with intake.unit() as uow:
        uow.session.execute(update(consumer_offset).values(next_offset=consumer_offset.c.next_offset + 1))
    send(log, patient, 2)
    intake.worker.step()
    assert grew("afterglow_consumer_fenced_total", **IN) == 1


def test_records_that_the_log_dropped_unread_are_counted(log: EmbeddedLog, intake: Desk, grew: Grew) -> None:
    grew("afterglow_consumer_records_lost_total", **IN)
    patient = uuid4()
    send(log, patient, 1)
    run_until_settled(intake)
    send(log, patient, 2, 3)
    with log.writing() as connection:
        connection.execute("UPDATE head SET first_offset = next_offset WHERE next_offset > 0")
    intake.worker.step()
    intake.worker.step()
    assert grew("afterglow_consumer_records_lost_total", **IN) == 2


def test_a_rebalance_is_counted(log: EmbeddedLog, intake: Desk, grew: Grew, monkeypatch: pytest.MonkeyPatch) -> None:
    grew("afterglow_consumer_rebalances_total", service="intake")
    intake.worker.step()
    monkeypatch.setattr(EmbeddedSubscription, "assignment", lambda _: frozenset({TopicPartition(TOPIC, 0)}))
    intake.worker.step()
    assert grew("afterglow_consumer_rebalances_total", service="intake") == 1


def test_a_consumer_that_the_watchdog_rebuilds_is_counted(log: EmbeddedLog, intake: Desk, grew: Grew) -> None:
    grew("afterglow_consumer_rebuilds_total", service="intake")
    send(log, uuid4(), 1)
    intake.worker.look_round()
    assert grew("afterglow_consumer_rebuilds_total", service="intake") == 0
    intake.worker._consumer._progress_at -= 31
    intake.worker.look_round()
    assert grew("afterglow_consumer_rebuilds_total", service="intake") == 1


def test_a_pause_and_a_stop_are_counted(log: EmbeddedLog, intake: Desk, grew: Grew) -> None:
    pauses, stopped = "afterglow_consumer_pauses_total", "afterglow_consumer_stopped_partitions"
    grew(pauses, service="intake")
    grew(stopped, **IN)
    patient = uuid4()
    intake.handler = Picky([patient], Unavailable("the database is away"))
    send(log, patient, 1)
    intake.worker.step()
    intake.worker.step()
    assert grew(pauses, service="intake") == 1

    def broken(uow: UnitOfWork, event: Event, now: object) -> None:
        raise ZeroDivisionError

    intake.handler, intake.stop_rules = broken, StopRules(keys=1)
    intake.new_worker()
    intake.worker.step()
    intake.worker.step()
    assert grew(stopped, **IN) == 1


def test_lag_and_what_is_parked_are_measured(log: EmbeddedLog, intake: Desk, machine: Machine) -> None:
    bad = uuid4()
    intake.handler = Picky([bad])
    send(log, bad, 1)
    run_until_settled(intake)
    send(log, bad, 2)
    intake.worker.look_round()
    lag = sum(value("kafka_consumergroup_lag", consumergroup="intake", topic=TOPIC, partition=str(n)) for n in range(6))
    assert lag == 1
    seconds = [value("afterglow_consumer_lag_seconds", **IN, partition=str(n)) for n in range(6)]
    assert max(seconds) >= 0
    assert value("afterglow_parked_events", **IN, state="failing") == 1
    assert value("afterglow_parked_oldest_seconds", **IN, state="failing") > 0
    run_until_settled(intake)
    intake.worker.look_round()
    assert value("afterglow_parked_events", **IN, state="behind") == 1
    assert value("kafka_consumergroup_lag", consumergroup="intake", topic=TOPIC, partition="0") == 0


def test_lag_in_seconds_grows_while_there_is_something_to_read(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("shared.messaging.survey.monotonic", lambda: now[0])
    run_until_settled(intake)
    intake.worker.look_round()
    send(log, uuid4(), 1)
    now[0] += 94
    intake.worker.look_round()
    seconds = [value("afterglow_consumer_lag_seconds", **IN, partition=str(n)) for n in range(6)]
    assert sorted(seconds) == [0, 0, 0, 0, 0, 94]


def test_what_waits_in_the_outbox_is_measured_and_what_was_sent_counted(maintenance: Desk, grew: Grew) -> None:
    of, sent = {"service": "maintenance"}, "afterglow_events_published_total"
    grew(sent, **of, topic=TOPIC)
    maintenance.publish(a_booster_due(), a_booster_due())
    maintenance.worker.look_round()
    assert value("afterglow_outbox_rows", **of) == 2
    assert value("afterglow_outbox_oldest_seconds", **of) > 0
    maintenance.worker.step()
    maintenance.worker.look_round()
    assert value("afterglow_outbox_rows", **of) == 0
    assert value("afterglow_outbox_oldest_seconds", **of) == 0
    assert grew(sent, **of, topic=TOPIC) == 2


class Refuses:
    """A log's producer that will not take anything."""

    def publish(self, records: list[Record]) -> list[Exception | None]:
        return [RecordRefused("too large") for _ in records]

    def close(self) -> None: ...


def test_keys_that_the_log_refuses_and_a_producer_without_progress_are_counted(
    maintenance: Desk, log: EmbeddedLog, grew: Grew, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = {"service": "maintenance"}
    grew("afterglow_producer_rebuilds_total", **of)
    monkeypatch.setattr(EmbeddedLog, "producer", lambda _: Refuses())
    maintenance.publish(a_booster_due(), a_booster_due())
    relay = maintenance.worker._relay
    relay.step()
    assert value("afterglow_outbox_blocked_keys", **of) == 2
    assert relay._stalled_since is not None
    relay._stalled_since -= 46
    for backoff in relay._blocked.values():
        backoff.succeeded()
    relay.step()
    assert grew("afterglow_producer_rebuilds_total", **of) == 1


def test_jobs_that_ran_or_failed_and_loops_that_failed_are_counted(maintenance: Desk, grew: Grew) -> None:
    runs = {"service": "maintenance", "job": "call"}
    loops = {"service": "maintenance", "loop": "relay"}
    names = [("afterglow_job_runs_total", runs), ("afterglow_job_failures_total", runs | {"job": "broken"})]
    names.append(("afterglow_worker_loop_failures_total", loops))
    assert [grew(name, **labels) for name, labels in names] == [0, 0, 0]
    due = [NOON, None]

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    maintenance.jobs = (
        Job("call", lambda _: due[0], lambda *_: due.reverse()),
        Job("broken", lambda _: NOON, fails),
    )
    worker = maintenance.new_worker()
    worker.step()
    stop = Flag()
    stop.set()
    worker._survive("relay", lambda: fails() or 0, Backoff(), stop)
    assert [grew(name, **labels) for name, labels in names] == [1, 1, 1]


def test_delays_before_a_retry_are_at_least_a_second_and_at_most_an_hour_and_a_fifth(intake: Desk) -> None:
    rules = intake.retry.__class__()
    delays = [rules.delay(attempts, Random(seed)) for attempts in range(1, 10) for seed in range(40)]
    assert all(delay is not None for delay in delays)
    waits = [delay for delay in delays if delay is not None]
    assert min(waits) >= timedelta(seconds=0.8)
    assert max(waits) <= timedelta(hours=1.2)
