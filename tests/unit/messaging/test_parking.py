"""One patient's bad event waits, and only that patient's line with it."""

import logging
from collections.abc import Collection
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from shared.contracts.registry import Event
from shared.kernel.errors import Invalid, Unavailable, WrongState
from shared.messaging import parking
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.inbox import consumer_offset
from shared.messaging.parking import ParkedState, RetryRules, parked_event
from shared.store.unit_of_work import UnitOfWork
from tests.support.bus import NOON, TOPIC, Desk, a_booster_due, a_record, note, run_until_settled
from tests.unit.messaging.conftest import Machine


class Picky:
    """A handler that writes first and then fails for some patients, until it is told to stop failing."""

    def __init__(self, refused: Collection[UUID], error: Exception | None = None) -> None:
        self.refused = set(refused)
        self.error = error or WrongState("the words of a patient must not be logged")
        self.calls = 0

    def __call__(self, uow: UnitOfWork, event: Event, now: object) -> None:
        self.calls += 1
        note(uow, event, now)  # type: ignore[arg-type]
        if event.patient_id in self.refused:
            raise self.error


def send(log: EmbeddedLog, patient: UUID, *revisions: int) -> None:
    assert not any(log.append([a_record(a_booster_due(patient, revision=n), seq=n) for n in revisions]))


def states(desk: Desk) -> list[ParkedState]:
    return [row.state for row in desk.rows(parked_event)]


def test_a_failing_patient_waits_and_nobody_else_does(log: EmbeddedLog, intake: Desk) -> None:
    bad, good = uuid4(), uuid4()
    intake.handler = Picky([bad])
    send(log, bad, 1)
    send(log, good, 1)
    send(log, bad, 2)
    send(log, good, 2)
    run_until_settled(intake)
    assert intake.noted(good) == [1, 2]
    assert intake.noted(bad) == []
    assert states(intake) == [ParkedState.FAILING, ParkedState.BEHIND]


def test_what_a_failing_handler_wrote_is_undone(log: EmbeddedLog, intake: Desk) -> None:
    bad = uuid4()
    intake.handler = Picky([bad])
    send(log, bad, 1)
    run_until_settled(intake)
    assert intake.noted() == []


def test_a_parked_line_is_applied_in_order_once_its_head_can_be(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad = uuid4()
    picky = intake.handler = Picky([bad])
    send(log, bad, 1, 2, 3)
    run_until_settled(intake)
    picky.refused.clear()
    intake.worker.step()
    assert intake.noted(bad) == []  # not before its time
    machine.forward(timedelta(seconds=1))
    run_until_settled(intake)
    assert intake.noted(bad) == [1, 2, 3]
    assert states(intake) == []
    send(log, bad, 4)
    run_until_settled(intake)
    assert intake.noted(bad) == [1, 2, 3, 4]


def test_a_machine_whose_clock_went_back_keeps_no_patient_waiting_for_it(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad = uuid4()
    picky = intake.handler = Picky([bad])
    send(log, bad, 1, 2)
    run_until_settled(intake)
    picky.refused.clear()
    machine.forward(timedelta(hours=-1, minutes=-12))
    intake.worker.step()
    assert intake.noted(bad) == [1, 2]


def test_a_clock_that_went_back_by_less_than_the_longest_delay_is_waited_for() -> None:
    rules, at = RetryRules(longest=timedelta(hours=1), jitter=0.2), NOON
    longest = timedelta(hours=1, minutes=12)
    assert rules.is_due(at, at=at)
    assert not rules.is_due(at + timedelta(microseconds=1), at=at)
    assert not rules.is_due(at + longest, at=at)
    assert rules.is_due(at + longest + timedelta(microseconds=1), at=at)
    assert not rules.is_due(None, at=at)


def test_an_event_that_comes_twice_is_parked_once(log: EmbeddedLog, intake: Desk) -> None:
    bad = uuid4()
    intake.handler = Picky([bad])
    send(log, bad, 1, 2)
    send(log, bad, 1, 2)
    run_until_settled(intake)
    assert states(intake) == [ParkedState.FAILING, ParkedState.BEHIND]


def test_the_second_of_a_line_may_fail_after_the_first_was_applied(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad = uuid4()
    picky = intake.handler = Picky([bad])
    send(log, bad, 1, 2)
    run_until_settled(intake)

    def fails_at_two(uow: UnitOfWork, event: Event, now: object) -> None:
        picky.refused = {bad} if getattr(event, "revision", 0) == 2 else set()
        picky(uow, event, now)

    intake.handler = fails_at_two
    machine.forward(timedelta(seconds=1))
    run_until_settled(intake)
    assert intake.noted(bad) == [1]
    [row] = intake.rows(parked_event)
    assert (row.state, row.key_seq, row.attempts) == (ParkedState.FAILING, 2, 1)


def test_after_ten_attempts_a_line_is_dead_and_blocks_only_its_patient(
    log: EmbeddedLog, intake: Desk, machine: Machine
) -> None:
    bad, good = uuid4(), uuid4()
    picky = intake.handler = Picky([bad])
    send(log, bad, 1)
    run_until_settled(intake)
    for _ in range(8):
        machine.forward(timedelta(hours=1))
        intake.worker.step()
    assert picky.calls == 9
    assert states(intake) == [ParkedState.FAILING]
    machine.forward(timedelta(hours=1))
    intake.worker.step()
    assert picky.calls == 10
    assert states(intake) == [ParkedState.DEAD]
    machine.forward(timedelta(days=30))
    send(log, bad, 2)
    send(log, good, 1)
    run_until_settled(intake)
    assert picky.calls == 11  # the other patient's
    assert intake.noted(good) == [1]
    assert states(intake) == [ParkedState.DEAD, ParkedState.BEHIND]


def test_a_line_that_another_process_has_just_tried_is_left_alone(
    log: EmbeddedLog, intake: Desk, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = uuid4()
    picky = intake.handler = Picky([bad])
    send(log, bad, 1)
    run_until_settled(intake)
    # both processes find the line due; the other one is faster and its attempt has failed by now
    monkeypatch.setattr(parking, "due_lines", lambda *_, **__: [(TOPIC, str(bad))])
    intake.worker.step()
    assert picky.calls == 1


def test_reasons_are_codes_and_nothing_of_the_event_is_logged(
    log: EmbeddedLog, intake: Desk, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, worse = uuid4(), uuid4()
    send(log, bad, 1)
    send(log, worse, 1)
    with caplog.at_level(logging.DEBUG):
        intake.handler = Picky([bad, worse])
        run_until_settled(intake)
    assert {row.reason for row in intake.rows(parked_event)} == {"wrong-state"}
    told = caplog.text + "".join(capsys.readouterr())
    assert "could not be applied" in told
    assert "words of a patient" not in told
    assert str(bad) not in told


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(OperationalError("SELECT 1", {}, Exception("deadlock detected")), id="deadlock"),
        pytest.param(Unavailable("the database is away"), id="database away"),
        pytest.param(StaleDataError("another transaction was faster"), id="lost race for a row"),
    ],
)
def test_a_world_that_is_away_pauses_reading_and_parks_nobody(log: EmbeddedLog, intake: Desk, error: Exception) -> None:
    patient = uuid4()
    picky = intake.handler = Picky([patient], error)
    send(log, patient, 1)
    intake.worker.step()
    intake.worker.step()
    assert picky.calls == 1
    assert states(intake) == []
    assert sum(row.next_offset for row in intake.rows(consumer_offset)) == 0
    assert [c.message for c in intake.worker.readiness() if c.name == "consumer"] == [
        "Reading pauses because the database is away."
    ]
    intake.worker.step()
    assert picky.calls == 1  # it backs off
    picky.refused.clear()
    intake.worker._consumer._pause.succeeded()
    run_until_settled(intake)
    assert intake.noted(patient) == [1]


@pytest.mark.parametrize("error", [Invalid(), KeyError("x"), ZeroDivisionError()])
def test_an_event_that_cannot_be_applied_is_parked_whatever_is_raised(
    log: EmbeddedLog, intake: Desk, error: Exception
) -> None:
    patient = uuid4()
    intake.handler = Picky([patient], error)
    send(log, patient, 1)
    run_until_settled(intake)
    assert states(intake) == [ParkedState.FAILING]


def test_retries_grow_from_a_second_to_an_hour_and_end_after_ten_attempts() -> None:
    rules = RetryRules(jitter=0.0)
    delays = [rules.delay(attempts, Random(1)) for attempts in range(1, 11)]
    waits = [delay.total_seconds() for delay in delays if delay is not None]
    assert waits[0] == 1
    assert waits == sorted(waits)
    assert waits[-1] == 3600
    assert len(waits) == 9
    assert delays[9] is None


def test_retries_are_spread_by_a_fifth_either_way() -> None:
    random = Random(1)
    first = [RetryRules().delay(1, random) for _ in range(200)]
    waits = [delay.total_seconds() for delay in first if delay is not None]
    assert 0.8 <= min(waits) < 0.85
    assert 1.15 < max(waits) <= 1.2
