"""Sizes and times of the bus at, below and above what EVENTS.md says: how much at once, how long, how wide."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from random import Random
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import String, Table

from shared.contracts.registry import Event
from shared.kernel.clock import monotonic
from shared.kernel.errors import NotFound, WrongState
from shared.messaging import batch, consumer, parking, retry, worker
from shared.messaging.batch import BATCH_RECORDS
from shared.messaging.consumer import WATCHDOG_SECONDS
from shared.messaging.discarded import discarded_event
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.inbox import Place
from shared.messaging.lag import Lag
from shared.messaging.log import TopicPartition
from shared.messaging.parked_lines import ParkedId
from shared.messaging.parking import ParkedState, RetryRules, Standing, parked_event
from shared.messaging.quarantine import put_in_quarantine, quarantine
from shared.messaging.replays import replay
from shared.observability import metrics
from shared.store.unit_of_work import UnitOfWork
from shared.web import tokens
from tests.support.bus import NOON, SEALER, TOPIC, Desk, a_booster_due, a_record, run_until_settled
from tests.support.held_back import an_event_of, received
from tests.unit.messaging.conftest import Machine
from tests.unit.messaging.test_parking import Picky, send, states


class Commits:
    """How many events each transaction of a consumer or a retry has applied."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: list[int] = []
        commit = UnitOfWork.commit

        def counted(uow: UnitOfWork) -> None:
            commit(uow)
            if self._applied:
                self.sizes.append(self._applied)
                self._applied = 0

        self._applied = 0
        monkeypatch.setattr(UnitOfWork, "commit", counted)

    def handler(self, uow: UnitOfWork, event: Event, now: object) -> None:
        self._applied += 1


@pytest.mark.parametrize(
    ("records", "sizes"),
    [
        (BATCH_RECORDS - 1, [BATCH_RECORDS - 1]),
        (BATCH_RECORDS, [BATCH_RECORDS]),
        (BATCH_RECORDS + 1, [BATCH_RECORDS, 1]),
    ],
)
def test_a_transaction_takes_five_hundred_records_of_a_partition(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch, records: int, sizes: list[int]
) -> None:
    assert BATCH_RECORDS == 500
    monkeypatch.setattr(batch, "BATCH_SECONDS", 60.0)
    commits = Commits(monkeypatch)
    intake.handler = commits.handler
    send(log, uuid4(), *range(1, records + 1))
    run_until_settled(intake)
    assert commits.sizes == sizes


@pytest.mark.parametrize(("each", "sizes"), [(0.1, [3, 1]), (0.0999, [3, 1]), (0.05, [4])])
def test_a_transaction_ends_after_the_event_that_outlasts_a_fifth_of_a_second(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch, each: float, sizes: list[int]
) -> None:
    """Exactly 0.2 s is not over yet."""
    clock = [0.0]
    monkeypatch.setattr(batch, "monotonic", lambda: clock[0])
    commits = Commits(monkeypatch)

    def slow(uow: UnitOfWork, event: Event, now: object) -> None:
        clock[0] += each
        commits.handler(uow, event, now)

    intake.handler = slow
    send(log, uuid4(), 1, 2, 3, 4)
    run_until_settled(intake)
    assert commits.sizes == sizes


@pytest.mark.parametrize(("waiting", "sizes"), [(19, [19]), (20, [20]), (21, [20, 1])])
def test_a_parked_line_is_worked_off_twenty_events_a_transaction(
    log: EmbeddedLog,
    intake: Desk,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    waiting: int,
    sizes: list[int],
) -> None:
    monkeypatch.setattr(retry, "RETRY_SECONDS", 3600)
    patient = uuid4()
    intake.handler = Picky([patient])
    send(log, patient, *range(1, waiting + 1))
    run_until_settled(intake)
    commits = Commits(monkeypatch)
    intake.handler = commits.handler
    machine.forward(timedelta(seconds=1))
    run_until_settled(intake)
    assert commits.sizes == sizes
    assert states(intake) == []


def test_a_long_line_gives_way_to_other_patients_once_its_time_is_over(
    log: EmbeddedLog, intake: Desk, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is gone on with by the next pass, from where it stood."""
    monkeypatch.setattr(retry, "RETRY_SECONDS", 0)
    patient = uuid4()
    intake.handler = Picky([patient])
    send(log, patient, 1, 2, 3)
    run_until_settled(intake)
    intake.handler = Commits(monkeypatch).handler
    machine.forward(timedelta(seconds=1))
    assert passes(intake, 4) == [(1, True), (1, True), (1, False), (0, False)]
    assert states(intake) == []


def test_a_worker_does_not_pause_between_the_parts_of_a_long_line(
    log: EmbeddedLog, intake: Desk, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "RETRY_EVERY_SECONDS", 3600)
    patient = uuid4()
    intake.handler = Picky([patient])
    send(log, patient, *range(1, 42))
    run_until_settled(intake)
    intake.handler = Commits(monkeypatch).handler
    machine.forward(timedelta(seconds=1))
    stop = Flag()
    running = Thread(target=intake.worker.run, args=(stop,))
    running.start()
    until = monotonic() + 20
    while states(intake) and monotonic() < until:
        stop.wait(0.02)
    stop.set()
    running.join(25)
    assert states(intake) == []


def passes(intake: Desk, number: int) -> list[tuple[int, bool]]:
    """What so many passes of retries applied, and whether each left something for the next."""
    return [tuple(retry.retry_parked(intake.worker._applier)) for _ in range(number)]


def failing_lines(intake: Desk, number: int) -> None:
    """As many patients whose first event failed, due by now."""
    with intake.unit() as uow:
        for n in range(number):
            patient = uuid4()
            record = received(an_event_of(TOPIC, patient_id=patient), offset=n)
            standing = Standing(ParkedState.FAILING, "wrong-state", 1, NOON)
            parking.park(
                uow.session, Place("intake", TOPIC, "topic-1", 0), record, str(patient), 1, standing, parked_at=NOON
            )


@pytest.mark.parametrize(("lines", "first_pass"), [(19, 19), (20, 20), (21, 20)])
def test_a_pass_tries_twenty_lines_and_the_next_one_the_others(
    intake: Desk, machine: Machine, monkeypatch: pytest.MonkeyPatch, lines: int, first_pass: int
) -> None:
    monkeypatch.setattr(retry, "RETRY_SECONDS", 3600)
    failing_lines(intake, lines)
    assert retry.retry_parked(intake.worker._applier).applied == first_pass
    assert retry.retry_parked(intake.worker._applier).applied == lines - first_pass


def test_a_pass_begins_no_other_line_once_its_time_is_over(
    intake: Desk, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "RETRY_SECONDS", 0)
    failing_lines(intake, 3)
    assert passes(intake, 4) == [(1, True), (1, True), (1, False), (0, False)]


@pytest.mark.parametrize("attempt", range(1, 10))
def test_each_delay_lies_within_a_fifth_of_its_own_and_none_is_longer_than_the_longest(attempt: int) -> None:
    plain = RetryRules(jitter=0.0).delay(attempt, Random(1))
    assert plain is not None
    rules = RetryRules()

    class Extreme(Random):
        def __init__(self, value: float) -> None:
            super().__init__(1)
            self.value = value

        def uniform(self, a: float, b: float) -> float:
            assert (a, b) == (-1, 1)
            return self.value

    shortest, longest = (rules.delay(attempt, Extreme(value)) for value in (-1.0, 1.0))
    assert shortest is not None
    assert longest is not None
    assert shortest == plain * 0.8
    assert longest == plain * 1.2 <= rules.longest_delay == timedelta(hours=1, minutes=12)
    assert plain == min(timedelta(seconds=1) * 2.8 ** (attempt - 1), timedelta(hours=1))


@pytest.mark.parametrize(
    ("attempts", "again"), [(9, True), (10, False), (11, False)], ids=["ninth", "tenth", "by hand after dead"]
)
def test_the_tenth_failure_is_the_last_and_so_is_every_one_that_a_person_asks_for(attempts: int, again: bool) -> None:
    assert (RetryRules().delay(attempts, Random(1)) is not None) == again


@pytest.mark.parametrize(("seconds", "rebuilt"), [(29.999, False), (30.0, True), (30.001, True)])
def test_a_consumer_without_progress_is_rebuilt_after_thirty_seconds(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch, seconds: float, rebuilt: bool
) -> None:
    assert WATCHDOG_SECONDS == 30
    clock = [1000.0]
    monkeypatch.setattr(consumer, "monotonic", lambda: clock[0])
    watched = intake.new_worker()._consumer
    behind = Lag({TopicPartition(TOPIC, 0): 1})
    clock[0] += seconds
    assert watched.watch(behind) is rebuilt
    [check] = [check for check in intake.worker.readiness() if check.name == "consumer"]
    assert check.ok


@pytest.mark.parametrize("why", ["all is read", "what waits is stopped"])
def test_a_consumer_with_nothing_to_read_is_left_alone(log: EmbeddedLog, intake: Desk, why: str) -> None:
    partition = TopicPartition(TOPIC, 0)
    watched = intake.worker._consumer
    watched._progress_at -= 3600.0
    if why == "what waits is stopped":
        watched._stopped.add(partition)
    assert not watched.watch(Lag({partition: 0 if why == "all is read" else 7}))


def test_partitions_that_come_and_those_that_go_are_each_a_rebalance(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = metrics.REBALANCES.labels("intake")
    intake.worker.step()
    subscription = intake.worker._consumer._subscription
    assert subscription is not None
    every = subscription.assignment()
    one = sorted(every)[0]
    seen = [counter._value.get()]
    for assigned in (every, every - {one}, every - {one}, every):
        monkeypatch.setattr(subscription, "assignment", lambda assigned=assigned: assigned)
        intake.worker.step()
        seen.append(counter._value.get())
    assert [after - before for before, after in pairwise(seen)] == [0, 1, 0, 1]


def test_a_loop_that_is_stuck_does_not_keep_a_worker_from_leaving(
    intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert worker.LEAVE_SECONDS < 25
    monkeypatch.setattr(worker, "LEAVE_SECONDS", 0.1)
    stuck, free, stop = Flag(), Flag(), Flag()

    def hang() -> int:
        stuck.set()
        free.wait(60)
        return 0

    monkeypatch.setattr(intake.worker._relay, "step", hang)
    running = Thread(target=intake.worker.run, args=(stop,), daemon=True)
    running.start()
    assert stuck.wait(20)
    stop.set()
    running.join(20)
    assert not running.is_alive()
    free.set()


def test_what_a_worker_that_leaves_had_stopped_is_not_said_of_the_next(log: EmbeddedLog, intake: Desk) -> None:
    from shared.messaging import readings

    intake.worker.look_round()
    intake.worker.close()
    intake.worker.close()
    intake.new_worker().look_round()
    with intake.unit() as uow:
        assert [reading.left for reading in readings.latest(uow.session)] == [False, True]


def _width(table: Table, column: str) -> int:
    kind = table.c[column].type
    assert isinstance(kind, String)
    assert kind.length is not None
    return kind.length


@pytest.mark.parametrize(("characters", "kept"), [(63, 63), (64, 64), (65, 64)])
def test_a_reason_fits_its_column_whatever_the_error_is_called(
    log: EmbeddedLog, intake: Desk, characters: int, kept: int
) -> None:
    assert _width(parked_event, "reason") == _width(discarded_event, "reason") == 64
    patient = uuid4()
    intake.handler = Picky([patient], WrongState("no", code="x" * characters))
    send(log, patient, 1)
    run_until_settled(intake)
    [row] = intake.rows(parked_event)
    assert len(row.reason) == kept


@pytest.mark.parametrize(("characters", "kept"), [(199, 199), (200, 200), (201, 200)])
def test_a_reason_for_quarantine_fits_its_column(intake: Desk, characters: int, kept: int) -> None:
    assert _width(quarantine, "reason") == 200
    with intake.unit() as uow:
        place = Place("intake", TOPIC, "topic-1", 0)
        record = received(an_event_of(TOPIC))
        put_in_quarantine(uow.session, place, record, reason="x" * characters, sealer=SEALER, at=NOON)
    [row] = intake.rows(quarantine)
    assert len(row.reason) == kept


def test_whoever_a_token_names_fits_the_columns_that_say_who_did_it() -> None:
    longest = "o" * 160
    assert tokens._SUBJECT.fullmatch(longest)
    assert not tokens._SUBJECT.fullmatch(longest + "o")
    assert len(longest) <= min(_width(discarded_event, "discarded_by"), _width(replay, "ordered_by"))


@pytest.mark.parametrize(("characters", "believed"), [(63, True), (64, True), (65, False)])
def test_a_key_of_sixty_four_characters_names_a_line(characters: int, believed: bool) -> None:
    _found_or_not(lambda: ParkedId.parse(f"{TOPIC}.{'k' * characters}.1"), believed)


@pytest.mark.parametrize(("seq", "believed"), [(2**63 - 2, True), (2**63 - 1, True), (2**63, False)])
def test_the_last_place_in_a_line_is_the_largest_that_a_store_holds(seq: int, believed: bool) -> None:
    _found_or_not(lambda: ParkedId.parse(f"{TOPIC}.key.{seq}"), believed)


def _found_or_not(parse: Callable[[], ParkedId], believed: bool) -> None:
    if believed:
        parse()
    else:
        with pytest.raises(NotFound):
            parse()


@pytest.mark.parametrize(("bytes_", "applied"), [(65_535, 1), (65_536, 1), (65_537, 0)])
def test_a_payload_of_sixty_four_kibibytes_is_read_and_a_longer_one_sealed(
    log: EmbeddedLog, intake: Desk, bytes_: int, applied: int
) -> None:
    event = a_booster_due()
    plain = a_record(event, seq=1)
    padded = plain.value[:-1] + b" " * (bytes_ - len(plain.value)) + b"}"
    assert len(padded) == bytes_
    assert not any(log.append([a_record(event, seq=1, value=padded)]))
    run_until_settled(intake)
    assert len(intake.noted()) == applied
    assert len(intake.rows(quarantine)) == 1 - applied


@pytest.mark.parametrize(("characters", "applied"), [(16_383, 1), (16_384, 1), (16_385, 0)])
def test_headers_of_sixteen_kibicharacters_are_read_and_longer_ones_sealed(
    log: EmbeddedLog, intake: Desk, characters: int, applied: int
) -> None:
    event = a_booster_due()
    plain = a_record(event, seq=1).headers
    left = characters - sum(map(len, plain)) - sum(map(len, plain.values())) - len("added")
    assert not any(log.append([a_record(event, seq=1, added="x" * left)]))
    run_until_settled(intake)
    assert len(intake.noted()) == applied
    assert len(intake.rows(quarantine)) == 1 - applied


@pytest.mark.parametrize(("characters", "applied"), [(127, 1), (128, 1), (129, 0)])
def test_a_cause_of_a_hundred_and_twenty_eight_characters_is_believed(
    log: EmbeddedLog, intake: Desk, characters: int, applied: int
) -> None:
    assert not any(log.append([a_record(a_booster_due(), seq=1, ce_correlationid="c" * characters)]))
    run_until_settled(intake)
    assert len(intake.noted()) == applied
