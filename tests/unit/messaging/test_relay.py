"""Announcing: what is committed goes out, in order within a patient, until the log has acknowledged it."""

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

import pytest

from shared.messaging import relay as relay_module
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.hostility import Hostile
from shared.messaging.log import BrokerAway, Producer, Record, RecordRefused
from shared.messaging.outbox import outbox, publish
from shared.messaging.relay import Relay
from tests.support.bus import NOON, Desk, a_booster_due, run_until_settled

Answer = Callable[[Sequence[Record]], list[Exception | None]]


class ScriptedLog(EmbeddedLog):
    """An embedded log whose producer answers as `answer` says; counts the producers it has built."""

    answer: Answer
    producers = 0

    def producer(self) -> Producer:
        self.producers += 1
        return ScriptedProducer(self)


class ScriptedProducer:
    def __init__(self, log: ScriptedLog) -> None:
        self._log = log

    def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        return self._log.answer(records)

    def close(self) -> None: ...


@pytest.fixture
def scripted(maintenance: Desk, log: EmbeddedLog) -> ScriptedLog:
    built = ScriptedLog(log._path)
    built.answer = lambda records: [None] * len(records)
    return built


@pytest.fixture
def relay(maintenance: Desk, scripted: ScriptedLog) -> Relay:
    return Relay("maintenance", maintenance.engine, scripted)


def refusing(patient: UUID, sent: list[tuple[str, str]]) -> Answer:
    def answer(records: Sequence[Record]) -> list[Exception | None]:
        sent.extend((record.key, record.headers["ce_keyseq"]) for record in records)
        return [RecordRefused("too large") if record.key == str(patient) else None for record in records]

    return answer


def test_what_is_acknowledged_is_forgotten(maintenance: Desk, relay: Relay) -> None:
    maintenance.publish(a_booster_due(), a_booster_due())
    assert relay.step() == 2
    assert maintenance.rows(outbox) == []
    assert relay.step() == 0
    assert relay.settled()


def test_facts_of_a_transaction_that_failed_are_never_announced(maintenance: Desk, relay: Relay) -> None:
    def fail() -> None:
        with maintenance.unit() as uow:
            publish(uow, a_booster_due(), now=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert relay.step() == 0


def test_a_log_that_is_away_loses_nothing(maintenance: Desk, relay: Relay, scripted: ScriptedLog) -> None:
    scripted.answer = lambda records: [BrokerAway("away")] * len(records)
    maintenance.publish(a_booster_due())
    assert relay.step() == 0
    assert len(maintenance.rows(outbox)) == 1
    assert not relay.settled()
    assert relay.blocked == frozenset()  # nobody in particular is to blame
    scripted.answer = lambda records: [None] * len(records)
    assert relay.step() == 0  # it backs off first
    relay._away.succeeded()
    assert relay.step() == 1


def test_a_refused_patient_waits_and_nobody_else_does(maintenance: Desk, relay: Relay, scripted: ScriptedLog) -> None:
    bad, good = uuid4(), uuid4()
    sent: list[tuple[str, str]] = []
    scripted.answer = refusing(bad, sent)
    maintenance.publish(a_booster_due(bad, revision=1), a_booster_due(good, revision=1))
    assert relay.step() == 1
    assert {key for _, key in relay.blocked} == {str(bad)}
    maintenance.publish(a_booster_due(bad, revision=2), a_booster_due(good, revision=2))
    sent.clear()
    assert relay.step() == 1
    assert sent == [(str(good), "2")]  # the blocked line isn't even tried before its time
    assert [row.key_seq for row in maintenance.rows(outbox)] == [1, 2]
    assert relay.settled()  # apart from the blocked


def test_only_the_acknowledged_prefix_of_a_line_is_forgotten(
    maintenance: Desk, relay: Relay, scripted: ScriptedLog
) -> None:
    patient = uuid4()
    maintenance.publish(*(a_booster_due(patient, revision=n) for n in (1, 2, 3)))
    scripted.answer = lambda records: [None, RecordRefused("no"), None]
    assert relay.step() == 1
    assert [row.key_seq for row in maintenance.rows(outbox)] == [2, 3]


def test_a_second_relay_is_harmless(maintenance: Desk, intake: Desk, log: EmbeddedLog) -> None:
    patient = uuid4()
    first, second = Relay("maintenance", maintenance.engine, log), Relay("maintenance", maintenance.engine, log)
    maintenance.publish(*(a_booster_due(patient, revision=n) for n in (1, 2, 3)))
    rows = first._pending_rows()
    assert second.step() == 3  # while the first holds the same rows
    assert not any(log.append([relay_module._record(row) for row in rows]))
    first._forget(rows)
    run_until_settled(intake)
    assert intake.noted(patient) == [1, 2, 3]


def test_a_slow_second_relay_forgets_no_fact_that_nobody_has_sent(
    maintenance: Desk, scripted: ScriptedLog, log: EmbeddedLog, intake: Desk
) -> None:
    """SQLite gives a deleted row's number to the next one: here the first relay's fact and then the fact after it."""
    patient = uuid4()
    quick, slow = Relay("maintenance", maintenance.engine, log), Relay("maintenance", maintenance.engine, scripted)

    def overtaken(records: Sequence[Record]) -> list[Exception | None]:
        quick.step()
        maintenance.publish(a_booster_due(patient, revision=2))
        return [None] * len(records)

    scripted.answer = overtaken
    maintenance.publish(a_booster_due(patient, revision=1))
    slow.step()
    run_until_settled(maintenance, intake)
    assert intake.noted(patient) == [1, 2]
    quick.close()
    slow.close()


def test_a_relay_killed_between_log_and_outbox_repeats_and_loses_nothing(
    maintenance: Desk, intake: Desk, log: EmbeddedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = uuid4()
    maintenance.publish(*(a_booster_due(patient, revision=n) for n in (1, 2)))

    def killed(*_: object) -> None:
        raise SystemExit("killed")

    doomed = Relay("maintenance", maintenance.engine, log)
    monkeypatch.setattr(doomed, "_forget", killed)
    with pytest.raises(SystemExit):
        doomed.step()
    assert len(maintenance.rows(outbox)) == 2
    run_until_settled(maintenance, intake)
    assert intake.noted(patient) == [1, 2]


@pytest.mark.parametrize(("seconds", "rebuilt"), [(44.9, False), (45.0, True)])
def test_a_producer_without_progress_is_rebuilt_after_45_seconds(
    maintenance: Desk,
    relay: Relay,
    scripted: ScriptedLog,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    rebuilt: bool,
) -> None:
    now = 1000.0
    monkeypatch.setattr(relay_module, "monotonic", lambda: now)
    scripted.answer = lambda records: [BrokerAway("stalled")] * len(records)
    maintenance.publish(a_booster_due())
    relay.step()
    relay._away.succeeded()
    now += seconds
    relay.step()
    relay._away.succeeded()
    relay.step()
    assert scripted.producers == (2 if rebuilt else 1)


def test_rows_that_commit_late_are_not_passed_by(maintenance: Desk, relay: Relay) -> None:
    """An outbox row may commit after one with a higher id went out: pending rows are what is relayed, no cursor."""
    maintenance.publish(a_booster_due())
    [early] = maintenance.rows(outbox)
    with maintenance.unit() as uow:
        uow.session.execute(outbox.update().values(outbox_id=early.outbox_id + 100))
    assert relay.step() == 1
    maintenance.publish(a_booster_due())
    with maintenance.unit() as uow:
        uow.session.execute(outbox.update().values(outbox_id=early.outbox_id))
    assert relay.step() == 1


def test_sequence_numbers_of_a_patient_have_no_holes_even_after_a_rollback(maintenance: Desk) -> None:
    patient = uuid4()
    maintenance.publish(a_booster_due(patient, revision=1))

    def fail() -> None:
        with maintenance.unit() as uow:
            publish(uow, a_booster_due(patient, revision=9), now=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    maintenance.publish(a_booster_due(patient, revision=2))
    assert [row.key_seq for row in maintenance.rows(outbox)] == [1, 2]


def test_the_embedded_log_bouncing_is_only_a_delay(maintenance: Desk, intake: Desk, log: EmbeddedLog) -> None:
    log._hostility = Hostile(seed=3, bounce=1.0)
    patient = uuid4()
    maintenance.publish(a_booster_due(patient))
    maintenance.worker.step()
    log._hostility = Hostile(seed=3)
    maintenance.worker._relay._away.succeeded()
    run_until_settled(maintenance, intake)
    assert intake.noted(patient) == [1]
