"""The worker as a whole: what one service commits reaches the next, once and in order; jobs run when they are due."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError

from shared.kernel.clock import monotonic
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.jobs import Job
from shared.messaging.log import BrokerAway
from shared.messaging.schedule import Schedule
from shared.store.unit_of_work import UnitOfWork
from tests.support.bus import NOON, Desk, a_booster_due, a_record, run_until_settled


def test_a_committed_fact_reaches_the_next_service(maintenance: Desk, intake: Desk) -> None:
    patient = uuid4()
    maintenance.publish(a_booster_due(patient, revision=1))
    maintenance.publish(a_booster_due(patient, revision=2))
    run_until_settled(maintenance, intake)
    assert intake.noted(patient) == [1, 2]


def test_nothing_is_settled_while_a_fact_waits(maintenance: Desk, intake: Desk) -> None:
    run_until_settled(maintenance, intake)
    maintenance.publish(a_booster_due())
    assert not maintenance.worker.settled()
    maintenance.worker.step()
    assert maintenance.worker.settled()
    assert not intake.worker.settled()
    run_until_settled(intake)


class Reminders:
    """A job's store: instants at which something is to be done, and when it was."""

    def __init__(self, *due: datetime) -> None:
        self.due = sorted(due)
        self.done: list[tuple[datetime, datetime]] = []

    def job(self, name: str = "remind") -> Job:
        return Job(name, self._next_due, self._run)

    def _next_due(self, uow: UnitOfWork) -> datetime | None:
        return self.due[0] if self.due else None

    def _run(self, uow: UnitOfWork, now: datetime) -> None:
        assert uow.actor.subject == "service:intake"
        assert uow.correlation_id
        self.done.append((self.due.pop(0), now))


@pytest.mark.parametrize(
    ("early", "runs"), [(timedelta(microseconds=1), 0), (timedelta(), 1)], ids=["one moment early", "at its instant"]
)
def test_a_job_runs_at_its_instant_and_not_before(intake: Desk, early: timedelta, runs: int) -> None:
    reminders = Reminders(NOON + early)
    intake.jobs = [reminders.job()]
    intake.new_worker().step()
    assert len(reminders.done) == runs


def test_everything_that_fell_due_during_a_jump_is_done(intake: Desk) -> None:
    reminders = Reminders(*(NOON + timedelta(days=n) for n in range(40)))
    intake.jobs = [reminders.job()]
    intake.new_worker()
    intake.clock.advance(timedelta(days=30))
    run_until_settled(intake)
    assert len(reminders.done) == 31
    assert intake.worker.next_due() == NOON + timedelta(days=31)


def test_a_job_that_fails_backs_off_and_stops_no_other(intake: Desk) -> None:
    def fail(uow: UnitOfWork, now: datetime) -> None:
        raise ZeroDivisionError

    good = Reminders(NOON)
    intake.jobs = [Job("broken", lambda uow: NOON, fail), good.job()]
    intake.new_worker()
    run_until_settled(intake)  # a failing job is not waited for
    assert len(good.done) == 1
    assert intake.worker.next_due() is None


def test_a_job_that_never_moves_on_does_not_spin(intake: Desk) -> None:
    runs = []
    intake.jobs = [Job("stuck", lambda uow: NOON, lambda uow, now: runs.append(now))]
    intake.new_worker()
    run_until_settled(intake)
    assert len(runs) <= 600


def test_what_a_failing_job_wrote_is_undone(intake: Desk) -> None:
    def write_and_fail(uow: UnitOfWork, now: datetime) -> None:
        intake.handler(uow, a_booster_due(), now)
        raise ZeroDivisionError

    intake.jobs = [Job("broken", lambda uow: NOON, write_and_fail)]
    intake.new_worker().step()
    assert intake.noted() == []


def test_two_processes_never_do_the_same_work_twice(intake: Desk) -> None:
    reminders = Reminders(NOON)
    first = Schedule("intake", intake.engine, [reminders.job()], intake.clock)
    second = Schedule("intake", intake.engine, [reminders.job()], intake.clock)
    assert first.step() + second.step() == 1


class Running:
    def __init__(self, desks: tuple[Desk, ...]) -> None:
        self._stop = Flag()
        self._threads = [Thread(target=desk.worker.run, args=(self._stop,), daemon=True) for desk in desks]

    def __enter__(self) -> "Running":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> float:
        """Seconds until all had left."""
        started = monotonic()
        self._stop.set()
        for thread in self._threads:
            thread.join(25)
        assert not any(thread.is_alive() for thread in self._threads)
        return monotonic() - started


def wait_for(happened: Callable[[], bool], seconds: float = 20.0) -> None:
    until = monotonic() + seconds
    while not happened():
        assert monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def test_running_workers_carry_facts_by_themselves(maintenance: Desk, intake: Desk) -> None:
    patient = uuid4()
    with Running((maintenance, intake)):
        for revision in range(1, 21):
            maintenance.publish(a_booster_due(patient, revision=revision))
        wait_for(lambda: len(intake.noted(patient)) == 20)
    assert intake.noted(patient) == list(range(1, 21))


def test_leaving_takes_less_than_25_seconds_and_finishes_the_batch(log: EmbeddedLog, intake: Desk) -> None:
    assert not any(log.append([a_record(a_booster_due(), seq=1) for _ in range(700)]))
    with Running((intake,)) as running:
        wait_for(lambda: len(intake.noted()) > 0)
        assert running.stop() < 25
    done = len(intake.noted())
    intake.new_worker()
    run_until_settled(intake)
    assert len(intake.noted()) == 700 >= done


def test_a_held_worker_does_nothing_but_what_its_holder_steps(maintenance: Desk, intake: Desk) -> None:
    patient = uuid4()
    with Running((maintenance, intake)), maintenance.worker.hold(), intake.worker.hold():
        maintenance.publish(a_booster_due(patient))
        time.sleep(0.6)
        assert intake.noted(patient) == []
        run_until_settled(maintenance, intake)
        assert intake.noted(patient) == [1]


def test_whoever_takes_a_worker_wakes_its_reader_first(
    intake: Desk, log: EmbeddedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken = Flag()
    monkeypatch.setattr(log, "wake", woken.set)
    with intake.worker.hold():
        assert woken.is_set()
        woken.clear()
        intake.worker.step()
    assert not woken.is_set()


def test_a_worker_goes_on_by_itself_after_it_was_held(maintenance: Desk, intake: Desk) -> None:
    patient = uuid4()
    with Running((maintenance, intake)):
        with maintenance.worker.hold():
            maintenance.publish(a_booster_due(patient))
        wait_for(lambda: intake.noted(patient) == [1])


def test_readiness_names_a_log_that_is_away(intake: Desk, log: EmbeddedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(check.ok for check in intake.worker.readiness())

    def away(*_: object) -> None:
        raise BrokerAway("gone")

    monkeypatch.setattr(log, "writing", away)
    failing = [check.name for check in intake.worker.readiness() if not check.ok]
    assert failing == ["events"]


def test_readiness_names_a_database_that_is_away(intake: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(intake.engine, "connect", away)
    failing = [check.name for check in intake.worker.readiness() if not check.ok]
    assert failing == ["database"]


def test_a_consumer_that_reads_nothing_though_there_is_something_is_rebuilt(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_until_settled(intake)
    assert not any(log.append([a_record(a_booster_due(), seq=1)]))
    consumer = intake.worker._consumer
    stalled = consumer._subscription
    assert stalled is not None
    monkeypatch.setattr(stalled, "poll", lambda *_: {})
    intake.worker.step()
    assert not consumer.watch(consumer.lag())
    consumer._progress_at -= 30.0
    assert consumer.watch(consumer.lag())
    run_until_settled(intake)
    assert len(intake.noted()) == 1
