"""The worker on the real Kafka and the real PostgreSQL."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shared.kernel.clock import monotonic
from shared.messaging import leader, provision
from shared.messaging.log import EventLog, open_log
from shared.messaging.outbox import outbox
from shared.messaging.parking import parked_event
from shared.messaging.relay import Relay
from shared.messaging.signal import wait_for_outbox
from shared.messaging.wakeup import OutboxListener, start_outbox_notifier
from shared.store.engine import open_engine
from tests.integration.messaging.conftest import desk_on
from tests.support.bus import Desk, a_booster_due, run_until_settled
from tests.support.containers import free_port, kafka_container

pytestmark = pytest.mark.docker


@pytest.fixture
def maintenance(on_postgres: str, kafka_log: EventLog) -> Iterator[Desk]:
    with desk_on(on_postgres, "maintenance", kafka_log, consumes=False) as desk:
        yield desk


@pytest.fixture
def intake(on_postgres: str, kafka_log: EventLog) -> Iterator[Desk]:
    """Shares the database of maintenance here, which costs the test nothing: consumer tables carry the service."""
    with desk_on(on_postgres, "intake", kafka_log, consumes=True) as desk:
        yield desk


def wait_for(happened: Callable[[], bool], seconds: float = 60.0) -> None:
    until = monotonic() + seconds
    while not happened():
        assert monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_facts_travel_in_order_and_once(maintenance: Desk, intake: Desk) -> None:
    patients = [uuid4() for _ in range(10)]
    for revision in range(1, 6):
        maintenance.publish(*(a_booster_due(patient, revision=revision) for patient in patients))
    run_until_settled(maintenance, intake)
    for patient in patients:
        assert intake.noted(patient) == [1, 2, 3, 4, 5]


def test_concurrent_writers_leave_no_hole_in_a_patients_line(maintenance: Desk, intake: Desk) -> None:
    patients = [uuid4() for _ in range(4)]

    def write(_: int) -> None:
        for patient in sorted(patients):
            maintenance.publish(a_booster_due(patient))

    with Running(maintenance, intake), ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(40)))
        wait_for(lambda: len(intake.noted()) == 160)
    assert intake.rows(parked_event) == []
    assert intake.rows(outbox) == []


def test_two_workers_of_a_service_share_its_partitions_and_apply_each_event_once(
    maintenance: Desk, intake: Desk, on_postgres: str, kafka_log: EventLog
) -> None:
    patients = [uuid4() for _ in range(30)]

    def publish(*revisions: int) -> None:
        for revision in revisions:
            maintenance.publish(*(a_booster_due(patient, revision=revision) for patient in patients))

    with desk_on(on_postgres, "intake", kafka_log, consumes=True) as second, Running(maintenance):
        with Running(intake):
            publish(1)
            wait_for(lambda: len(intake.noted()) == 30)
            successor = Running(second)
            successor.start()
            publish(2, 3)
            wait_for(lambda: len(intake.noted()) == 90)
        # the first has left, the second takes over
        publish(4)
        wait_for(lambda: len(intake.noted()) == 120)
        successor.stop()
    for patient in patients:
        assert intake.noted(patient) == [1, 2, 3, 4]


def test_only_one_relay_leads_and_another_takes_over(maintenance: Desk, embedded_log: EventLog) -> None:
    first = Relay("maintenance", maintenance.engine, embedded_log)
    second = Relay("maintenance", maintenance.engine, embedded_log)
    maintenance.publish(a_booster_due())
    assert first.step() == 1
    assert first.leads
    maintenance.publish(a_booster_due())
    assert second.step() == 0
    assert not second.leads
    first.close()
    assert second.step() == 1
    assert second.leads
    second.close()


def test_a_relay_that_sleeps_for_too_long_loses_the_lead(
    maintenance: Desk, embedded_log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suspended process keeps its connection, and would keep the lock and every fact with it."""
    monkeypatch.setattr(leader, "IDLE_SECONDS", 0.5)
    asleep = Relay("maintenance", maintenance.engine, embedded_log)
    awake = Relay("maintenance", maintenance.engine, embedded_log)
    asleep.step()
    assert asleep.leads
    maintenance.publish(a_booster_due())
    wait_for(lambda: awake.step() == 1)
    awake.close()
    with pytest.raises(OperationalError):
        asleep.step()
    assert asleep.step() == 0
    asleep.close()


def test_a_commit_of_another_process_wakes_the_relay(on_postgres: str, maintenance: Desk) -> None:
    stop = Flag()
    engine = open_engine(on_postgres)
    listener = Thread(target=OutboxListener(engine).run, args=(stop,), daemon=True)
    listener.start()
    notifier = start_outbox_notifier(maintenance.engine, stop)
    assert notifier is not None
    time.sleep(0.5)
    before = wait_for_outbox(-1, 0)
    maintenance.publish(a_booster_due())
    assert wait_for_outbox(before, 5) == before + 1  # this process's own signal
    assert wait_for_outbox(before + 1, 5) == before + 2  # and the word, once
    time.sleep(0.3)
    assert wait_for_outbox(-1, 0) == before + 2  # what was heard is not passed on
    stop.set()
    listener.join(5)
    notifier.join(5)
    engine.dispose()


def test_a_relay_whose_connection_dies_loses_the_lead_and_nothing_else(
    maintenance: Desk, embedded_log: EventLog, postgres_url: str
) -> None:
    relay = Relay("maintenance", maintenance.engine, embedded_log)
    maintenance.publish(a_booster_due())
    relay.step()
    with maintenance.unit() as uow:
        uow.session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
    maintenance.publish(a_booster_due())
    with pytest.raises(Exception, match=r"terminat|closed"):
        relay.step()
    assert relay.step() == 1
    relay.close()


def test_topics_are_provisioned_by_command_for_a_broker_that_is_slow(kafka_events: str) -> None:
    assert provision.main([kafka_events, "--wait", "30"]) == 0
    assert provision.main([kafka_events, "--wait", "30"]) == 0
    assert provision.main(["kafka://127.0.0.1:1", "--wait", "0"]) == 1
    assert provision.main(["redis://here"]) == 2


@pytest.mark.timeout(600)  # starts a broker of its own, pauses it and starts it again
def test_a_broker_that_is_away_at_start_and_in_mid_flight_loses_nothing(on_postgres: str, tmp_path: Path) -> None:
    port = free_port()
    broker = kafka_container(port)
    log = open_log(f"kafka://localhost:{port}/away", tmp_path)
    patient = uuid4()
    with (
        desk_on(on_postgres, "maintenance", log, consumes=False) as maintenance,
        desk_on(on_postgres, "intake", log, consumes=True) as intake,
        Running(maintenance, intake),
    ):
        maintenance.publish(a_booster_due(patient, revision=1))
        wait_for(lambda: _not_ready(maintenance) == ["events"], 60)
        broker.start()
        try:
            assert provision.provision(log, wait_seconds=60)
            wait_for(lambda: intake.noted(patient) == [1])
            docker = broker.get_wrapped_container()
            docker.pause()
            maintenance.publish(a_booster_due(patient, revision=2))
            wait_for(lambda: "events" in _not_ready(maintenance), 30)
            docker.unpause()
            wait_for(lambda: intake.noted(patient) == [1, 2], 120)
            docker.restart(timeout=1)
            maintenance.publish(a_booster_due(patient, revision=3))
            wait_for(lambda: intake.noted(patient) == [1, 2, 3], 150)
        finally:
            broker.stop()
    log.close()


def _not_ready(desk: Desk) -> list[str]:
    return [check.name for check in desk.worker.readiness() if not check.ok and check.name in {"events", "database"}]


class Running:
    """Desks' workers as threads, for the length of a block."""

    def __init__(self, *desks: Desk) -> None:
        self._stop = Flag()
        self._threads = [Thread(target=desk.worker.run, args=(self._stop,), daemon=True) for desk in desks]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "Running":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        started = monotonic()
        self._stop.set()
        for thread in self._threads:
            thread.join(30)
        assert monotonic() - started < 25
