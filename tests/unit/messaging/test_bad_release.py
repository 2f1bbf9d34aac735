"""A release that fails for everybody stops, instead of parking every patient's line."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.contracts.registry import Event
from shared.messaging.bad_release import FailureWatch, StopRules
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.inbox import consumer_offset
from shared.messaging.parking import parked_event
from shared.store.unit_of_work import UnitOfWork
from tests.support.bus import Desk, a_booster_due, a_record, note, run_until_settled
from tests.unit.messaging.conftest import Machine


@pytest.fixture
def keys() -> Iterator[str]:
    return (f"key-{n}" for n in range(10_000))


@pytest.mark.parametrize(("failing", "stops"), [(19, False), (20, True), (21, True)])
def test_nineteen_failing_patients_do_not_stop_it_and_twenty_do(keys: Iterator[str], failing: int, stops: bool) -> None:
    watch = FailureWatch(StopRules())
    for _ in range(failing):
        watch.succeeded(at=0.0)
        watch.failed(next(keys), at=0.0)
    assert watch.says_stop(at=0.0) is stops


@pytest.mark.parametrize("others", [0, 18])
def test_one_patient_failing_often_is_one_patient(keys: Iterator[str], others: int) -> None:
    watch = FailureWatch(StopRules())
    for _ in range(others):
        watch.failed(next(keys), at=0.0)
    for _ in range(50):
        watch.failed("key", at=0.0)
    assert not watch.says_stop(at=0.0)


@pytest.mark.parametrize(
    ("successes", "stops"), [(381, False), (380, False), (379, True)], ids=["below 5 %", "5 %", "above 5 %"]
)
def test_twenty_are_few_among_many_up_to_five_percent(keys: Iterator[str], successes: int, stops: bool) -> None:
    watch = FailureWatch(StopRules())
    for _ in range(20):
        watch.failed(next(keys), at=0.0)
    for _ in range(successes):
        watch.succeeded(at=0.0)
    assert watch.says_stop(at=0.0) is stops


@pytest.mark.parametrize(("elapsed", "stops"), [(599.0, True), (600.0, True), (601.0, False)])
def test_failures_count_for_ten_minutes(keys: Iterator[str], elapsed: float, stops: bool) -> None:
    watch = FailureWatch(StopRules())
    for _ in range(19):
        watch.failed(next(keys), at=0.0)
    watch.succeeded(at=elapsed)
    watch.failed(next(keys), at=elapsed)
    assert watch.says_stop(at=elapsed) is stops


@pytest.mark.parametrize(("failing", "stops"), [(49, False), (50, True)])
def test_fifty_different_patients_in_a_row_stop_it_however_many_went_well_before(
    keys: Iterator[str], failing: int, stops: bool
) -> None:
    watch = FailureWatch(StopRules())
    for _ in range(5000):
        watch.succeeded(at=0.0)
    for _ in range(failing):
        watch.failed(next(keys), at=0.0)
    assert watch.says_stop(at=0.0) is stops


def test_one_that_goes_well_begins_the_row_anew(keys: Iterator[str]) -> None:
    watch = FailureWatch(StopRules())
    for _ in range(5000):
        watch.succeeded(at=0.0)
    for _ in range(49):
        watch.failed(next(keys), at=0.0)
    watch.succeeded(at=0.0)
    for _ in range(49):
        watch.failed(next(keys), at=0.0)
    assert not watch.says_stop(at=0.0)
    watch.failed(next(keys), at=0.0)
    assert watch.says_stop(at=0.0)


@pytest.mark.parametrize(("elapsed", "stops"), [(600.0, False), (620.0, True)])
def test_what_went_well_long_ago_hides_no_bad_release(keys: Iterator[str], elapsed: float, stops: bool) -> None:
    watch = FailureWatch(StopRules())
    for _ in range(380):
        watch.succeeded(at=0.0)
    for _ in range(20):
        watch.failed(next(keys), at=elapsed)
    assert watch.says_stop(at=elapsed) is stops


def test_a_stopped_partition_parks_no_more_and_keeps_its_place(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    def broken(uow: UnitOfWork, event: Event, now: object) -> None:
        raise ZeroDivisionError

    intake.handler = broken
    assert not any(log.append([a_record(a_booster_due(), seq=1) for _ in range(300)]))
    for _ in range(20):
        intake.worker.step()
    parked = len(intake.rows(parked_event))
    assert parked == 19
    assert sum(row.next_offset for row in intake.rows(consumer_offset)) == 19
    assert intake.worker.settled()  # a person is needed: nothing waits for it
    [check] = [check for check in intake.worker.readiness() if check.name == "consumer"]
    assert not check.ok
    assert "booster-due" in check.message

    intake.handler = note  # the next release
    intake.new_worker()
    run_until_settled(intake)
    assert len(intake.noted()) == 300 - 19
    machine.forward(timedelta(seconds=1))
    run_until_settled(intake)
    assert len(intake.noted()) == 300


def test_a_stopped_release_uses_up_no_attempts_of_what_it_parked(log: EmbeddedLog, intake: Desk) -> None:
    calls = []

    def broken(uow: UnitOfWork, event: Event, now: object) -> None:
        calls.append(event)
        raise ZeroDivisionError

    intake.handler = broken
    assert not any(log.append([a_record(a_booster_due(uuid4()), seq=1) for _ in range(300)]))
    for _ in range(20):
        intake.worker.step()
    tried = len(calls)
    with intake.unit() as uow:
        uow.session.execute(parked_event.update().values(next_attempt_at=parked_event.c.parked_at))
    intake.worker.step()
    assert len(calls) == tried
