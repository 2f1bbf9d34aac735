"""Reading the log again: what was applied stays as it is, what never was is applied, in order, and nothing is sent."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, update

from shared.contracts.registry import Event, Undecodable
from shared.kernel.ids import new_id
from shared.messaging import replays
from shared.messaging.bad_release import StopRules
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.inbox import consumer_offset, key_position
from shared.messaging.outbox import outbox_counter, publish
from shared.messaging.parking import ParkedState, parked_event
from shared.messaging.quarantine import quarantine
from shared.messaging.replays import Replay, ReplayState, Wanted
from shared.store.unit_of_work import UnitOfWork
from tests.support.bus import NOON, TOPIC, Desk, a_booster_due, note, noted, run_until_settled
from tests.unit.messaging.conftest import Machine
from tests.unit.messaging.test_parking import Picky, send, states


def order(desk: Desk, **wanted: object) -> UUID:
    replay_id = new_id()
    with desk.unit() as uow:
        replays.order(uow.session, "intake", replay_id, Wanted(TOPIC, **wanted), by="olga", at=NOON)  # type: ignore[arg-type]
    return replay_id


def outcome(desk: Desk, replay_id: UUID) -> Replay:
    with desk.unit() as uow:
        found = replays.find(uow.session, "intake", replay_id)
    assert found is not None
    return found


def replayed(desk: Desk, **wanted: object) -> Replay:
    replay_id = order(desk, **wanted)
    run_until_settled(desk)
    return outcome(desk, replay_id)


def test_a_replay_of_everything_changes_nothing(log: EmbeddedLog, intake: Desk) -> None:
    patients = [uuid4() for _ in range(5)]
    for patient in patients:
        send(log, patient, 1, 2, 3)
    run_until_settled(intake)
    before = intake.rows(noted), intake.rows(consumer_offset), intake.rows(key_position)
    done = replayed(intake)
    assert done.state is ReplayState.DONE
    assert (done.came_to.read, done.came_to.applied, done.came_to.duplicates) == (15, 0, 15)
    assert done.left == 0
    assert (intake.rows(noted), intake.rows(consumer_offset), intake.rows(key_position)) == before


def test_what_was_never_applied_is_applied_in_order(log: EmbeddedLog, intake: Desk) -> None:
    lost, other = uuid4(), uuid4()
    send(log, lost, 1, 2)
    send(log, other, 1)
    run_until_settled(intake)
    with intake.unit() as uow:  # as after a restore that lost this patient's rows
        uow.session.execute(delete(key_position).where(key_position.c.key == str(lost)))
        uow.session.execute(delete(noted).where(noted.c.patient_id == lost))
    done = replayed(intake)
    assert (done.came_to.applied, done.came_to.duplicates) == (2, 1)
    assert intake.noted(lost) == [1, 2]
    assert intake.noted(other) == [1]


def test_a_record_that_a_release_could_not_read_is_applied_by_the_next(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = uuid4()
    with monkeypatch.context() as old_release:
        old_release.setattr("shared.messaging.consumer.opened", lambda record: (record, Undecodable("a newer ce_type")))
        send(log, patient, 1)
        run_until_settled(intake)
    assert len(intake.rows(quarantine)) == 1
    send(log, patient, 2)
    run_until_settled(intake)
    assert states(intake) == [ParkedState.GAP]
    replayed(intake)
    run_until_settled(intake)
    assert intake.noted(patient) == [1, 2]
    assert len(intake.rows(quarantine)) == 1  # what was sealed stays, as evidence


def test_only_the_key_that_was_asked_for_is_taken(log: EmbeddedLog, intake: Desk) -> None:
    one, other = uuid4(), uuid4()
    send(log, one, 1, 2)
    send(log, other, 1)
    run_until_settled(intake)
    with intake.unit() as uow:
        uow.session.execute(delete(key_position))
        uow.session.execute(delete(noted))
    done = replayed(intake, key=str(one))
    assert done.came_to.read == 2
    assert intake.noted(one) == [1, 2]
    assert intake.noted(other) == []


def test_from_is_inclusive_and_to_exclusive(log: EmbeddedLog, intake: Desk) -> None:
    patient = uuid4()
    send(log, patient, 1, 2, 3, 4)
    run_until_settled(intake)
    assert replayed(intake, from_offset=1, to_offset=3).came_to.duplicates == 2


def test_what_was_appended_from_an_instant_on_is_read_again(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, clock = uuid4(), [NOON]
    monkeypatch.setattr("shared.messaging.embedded.machine_now", lambda: clock[0])
    for n in (1, 2, 3):
        send(log, patient, n)
        clock[0] += timedelta(minutes=1)
    run_until_settled(intake)
    minute = timedelta(minutes=1)
    assert replayed(intake, from_at=NOON + minute).came_to.read == 2
    assert replayed(intake, to_at=NOON + minute).came_to.read == 1
    assert replayed(intake, from_at=NOON + minute, to_at=NOON + 2 * minute).came_to.read == 1


def test_what_lies_ahead_of_the_fence_is_left_to_live_traffic(log: EmbeddedLog, intake: Desk) -> None:
    patient = uuid4()
    send(log, patient, 1)
    run_until_settled(intake)
    send(log, patient, 2)
    replay_id = order(intake)
    for _ in range(10):  # the replay alone
        intake.worker._replayer.step()
    done = outcome(intake, replay_id)
    assert (done.state, done.came_to.read) == (ReplayState.DONE, 1)
    assert intake.noted(patient) == [1]
    run_until_settled(intake)
    assert intake.noted(patient) == [1, 2]


def test_a_parked_line_is_neither_doubled_nor_freed(log: EmbeddedLog, intake: Desk, machine: Machine) -> None:
    bad = uuid4()
    intake.handler = Picky([bad])
    send(log, bad, 1, 2)
    run_until_settled(intake)
    done = replayed(intake)
    assert (done.came_to.applied, done.came_to.duplicates) == (0, 2)
    assert states(intake) == [ParkedState.FAILING, ParkedState.BEHIND]


def test_a_replay_fills_a_gap_and_the_line_goes_on(log: EmbeddedLog, intake: Desk, machine: Machine) -> None:
    patient = uuid4()
    send(log, patient, 1, 2)
    run_until_settled(intake)
    with intake.unit() as uow:  # as if the second had never reached us, and the third waits for it
        uow.session.execute(update(key_position).values(last_seq=1))
        uow.session.execute(delete(noted).where(noted.c.revision == 2))
    send(log, patient, 3)
    run_until_settled(intake)
    assert states(intake) == [ParkedState.GAP]
    done = replayed(intake)
    machine.forward(timedelta(seconds=1))
    run_until_settled(intake)
    assert done.state is ReplayState.DONE
    assert intake.noted(patient) == [1, 2, 3]
    assert states(intake) == []


def test_a_worker_that_dies_in_a_replay_is_followed_by_one_that_goes_on(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(40):
        send(log, uuid4(), 1)
    run_until_settled(intake)
    monkeypatch.setattr("shared.messaging.replay.BATCH_RECORDS", 3)
    replay_id = order(intake)
    for _ in range(4):
        intake.worker._replayer.step()
    halfway = outcome(intake, replay_id)
    assert 0 < halfway.came_to.read < 40
    intake.new_worker()
    run_until_settled(intake)
    assert outcome(intake, replay_id).came_to.read == 40


def test_of_two_workers_only_one_counts_a_batch(log: EmbeddedLog, intake: Desk) -> None:
    send(log, uuid4(), 1)
    run_until_settled(intake)
    order(intake)
    intake.worker._replayer.step()
    with intake.unit() as uow:
        seen = replays.unfinished(uow.session, "intake")
    assert seen is not None
    intake.worker._replayer.step()
    with intake.unit() as uow:
        assert not replays.take(uow.session, seen)


def test_a_release_that_fails_for_everybody_stops_a_replay_too(log: EmbeddedLog, intake: Desk) -> None:
    intake.stop_rules = StopRules(keys=3)
    intake.new_worker()
    for _ in range(10):
        send(log, uuid4(), 1)
    run_until_settled(intake)
    with intake.unit() as uow:
        uow.session.execute(delete(key_position))

    def broken(uow: UnitOfWork, event: Event, now: object) -> None:
        raise ZeroDivisionError

    intake.handler = broken
    done = replayed(intake)
    assert done.state is ReplayState.STOPPED
    assert len(intake.rows(parked_event)) == 2


def test_a_replay_sends_nothing_again(log: EmbeddedLog, intake: Desk) -> None:
    def notes_and_tells(uow: UnitOfWork, event: Event, now: object) -> None:
        note(uow, event, now)  # type: ignore[arg-type]
        publish(uow, a_booster_due(event.patient_id), now=NOON)

    intake.handler = notes_and_tells
    patient = uuid4()
    send(log, patient, 1)
    intake.worker._consumer.step(0)
    sent = intake.rows(outbox_counter)
    order(intake)
    for _ in range(10):
        intake.worker._replayer.step()
    assert intake.rows(outbox_counter) == sent
