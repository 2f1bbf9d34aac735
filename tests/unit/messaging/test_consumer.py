"""Reading: each event takes effect once and in order, whatever the log repeats, loses or mixes up."""

import json
from collections.abc import Mapping
from uuid import uuid4

import pytest
from sqlalchemy import insert, update

from shared.contracts.registry import Event
from shared.messaging import consumer
from shared.messaging.batch import BATCH_RECORDS
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.embedded_file import read_heads
from shared.messaging.hostility import Hostile
from shared.messaging.inbox import Place, consumer_offset, key_position
from shared.messaging.log import BrokerAway, Record, TopicPartition
from shared.messaging.parking import ParkedState, parked_event
from shared.messaging.quarantine import quarantine, sealed_place
from shared.store.unit_of_work import UnitOfWork
from tests.support.bus import SEALER, TOPIC, Desk, a_booster_due, a_record, run_until_settled


def append(log: EmbeddedLog, *records: Record) -> None:
    assert not any(log.append(records))


def drop_records_below(log: EmbeddedLog, offset: int) -> None:
    """What retention does to old records."""
    with log.writing() as connection:
        for head in read_heads(connection).values():
            connection.execute("DELETE FROM record WHERE place >= ? AND place < ?", (head.place(0), head.place(offset)))
        connection.execute("UPDATE head SET first_offset = min(?, next_offset)", (offset,))


def test_an_event_sent_twice_takes_effect_once(log: EmbeddedLog, intake: Desk) -> None:
    patient = uuid4()
    record = a_record(a_booster_due(patient, revision=1), seq=1)
    append(log, record, record)
    append(log, record, a_record(a_booster_due(patient, revision=2), seq=2), record)
    run_until_settled(intake)
    assert intake.noted(patient) == [1, 2]


def test_a_crash_between_database_and_log_repeats_nothing(log: EmbeddedLog, intake: Desk) -> None:
    patient = uuid4()
    append(log, a_record(a_booster_due(patient, revision=1), seq=1))
    run_until_settled(intake)
    # the crash: the database has committed, the log was never told, and a new process starts from its old hint
    intake.new_worker()
    append(log, a_record(a_booster_due(patient, revision=2), seq=2))
    run_until_settled(intake)
    assert intake.noted(patient) == [1, 2]
    assert [row.last_seq for row in intake.rows(key_position)] == [2]


def test_a_position_that_the_log_did_not_take_is_told_again_though_nothing_new_comes(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "HINT_EVERY_SECONDS", 0.0)
    run_until_settled(intake)
    subscription = intake.worker._consumer._subscribed()
    take, told = subscription.commit, []

    def refuse_the_first(positions: Mapping[TopicPartition, int]) -> None:
        told.append(dict(positions))
        if len(told) == 1:
            raise BrokerAway("RebalanceInProgressError")
        take(positions)

    monkeypatch.setattr(subscription, "commit", refuse_the_first)
    append(log, a_record(a_booster_due(uuid4(), revision=1), seq=1))
    run_until_settled(intake)
    intake.worker.step()
    intake.worker.step()
    assert len(told) == 2
    assert told[0] == told[1]


def test_a_failed_commit_leaves_nothing_and_is_repeated(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = uuid4()
    append(log, a_record(a_booster_due(patient), seq=1))
    intake.worker.step()  # finds its partitions
    commit = UnitOfWork.commit

    def crash(uow: UnitOfWork) -> None:
        uow.session.rollback()
        raise SystemExit("killed before the commit")

    monkeypatch.setattr(UnitOfWork, "commit", crash)
    with pytest.raises(SystemExit):
        intake.worker.step()
    monkeypatch.setattr(UnitOfWork, "commit", commit)
    assert intake.noted() == []
    intake.new_worker()
    run_until_settled(intake)
    assert intake.noted(patient) == [1]


def test_a_zombie_is_fenced_and_changes_nothing(log: EmbeddedLog, intake: Desk) -> None:
    patient = uuid4()
    zombie = intake.worker
    append(log, a_record(a_booster_due(patient, revision=1), seq=1))
    run_until_settled(intake)
    successor = intake.new_worker()
    append(log, a_record(a_booster_due(patient, revision=2), seq=2))
    run_until_settled(intake)
    zombie.step()
    zombie.step()
    assert intake.noted(patient) == [1, 2]
    append(log, a_record(a_booster_due(patient, revision=3), seq=3))
    for worker in (zombie, zombie, successor, successor):
        worker.step()
    assert intake.noted(patient) == [1, 2, 3]


def test_a_consumer_whose_fence_was_moved_starts_again_from_the_database(log: EmbeddedLog, intake: Desk) -> None:
    patient = uuid4()
    append(log, *(a_record(a_booster_due(patient, revision=n), seq=n) for n in (1, 2)))
    intake.worker.step()  # has its partitions, has read nothing
    position = {"consumer": "intake", "topic": TOPIC, "key": str(patient), "last_seq": 1}
    with intake.unit() as uow:
        uow.session.execute(update(consumer_offset).values(next_offset=1))
        uow.session.execute(insert(key_position).values(position))
    intake.worker.step()
    assert intake.noted(patient) == []
    run_until_settled(intake)
    assert intake.noted(patient) == [2]


def test_the_fence_moves_with_the_rows_or_not_at_all(log: EmbeddedLog, intake: Desk) -> None:
    append(log, a_record(a_booster_due(), seq=1))
    run_until_settled(intake)
    assert sum(row.next_offset for row in intake.rows(consumer_offset)) == len(intake.noted()) == 1


def test_a_missing_event_parks_the_ones_after_it_until_it_comes(log: EmbeddedLog, intake: Desk) -> None:
    patient, other = uuid4(), uuid4()
    append(log, a_record(a_booster_due(patient, revision=1), seq=1))
    append(
        log, a_record(a_booster_due(patient, revision=3), seq=3), a_record(a_booster_due(patient, revision=4), seq=4)
    )
    append(log, a_record(a_booster_due(other), seq=1))
    run_until_settled(intake)
    assert intake.noted(patient) == [1]
    assert intake.noted(other) == [1]
    assert [row.state for row in intake.rows(parked_event)] == [ParkedState.GAP, ParkedState.BEHIND]
    append(log, a_record(a_booster_due(patient, revision=2), seq=2))
    run_until_settled(intake)
    assert intake.noted(patient) == [1, 2, 3, 4]
    assert intake.rows(parked_event) == []


def test_a_key_whose_line_was_trimmed_away_starts_where_the_log_begins(
    log: EmbeddedLog, intake: Desk, maintenance: Desk
) -> None:
    patient = uuid4()
    append(log, *(a_record(a_booster_due(patient, revision=n), seq=n) for n in (1, 2, 3)))
    drop_records_below(log, 2)
    run_until_settled(intake)
    assert intake.noted(patient) == [3]


def test_records_that_were_dropped_before_they_were_read_are_counted(log: EmbeddedLog, intake: Desk) -> None:
    patient = uuid4()
    append(log, a_record(a_booster_due(patient, revision=1), seq=1))
    run_until_settled(intake)
    append(log, *(a_record(a_booster_due(patient, revision=n), seq=n) for n in (2, 3, 4)))
    drop_records_below(log, 3)
    run_until_settled(intake)
    # 2 and 3 are gone: 4 must not be applied as if they had never been
    assert intake.noted(patient) == [1]
    assert [row.state for row in intake.rows(parked_event)] == [ParkedState.GAP]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"value": b"\xff\xfe not json"}, id="no JSON"),
        pytest.param({"value": b'{"plan_id": 7}'}, id="another shape"),
        pytest.param({"ce_keyseq": "zero"}, id="no sequence number"),
        pytest.param({"ce_keyseq": "0"}, id="sequence number 0"),
        pytest.param({"ce_partitionkey": "someone-else"}, id="another key"),
        pytest.param({"ce_type": "booster-due.v9"}, id="a version we don't know"),
        pytest.param({"ce_time": "yesterday"}, id="no instant"),
    ],
)
def test_what_cannot_be_read_is_sealed_and_delays_nobody(
    log: EmbeddedLog, intake: Desk, broken: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    bad = a_record(a_booster_due(), seq=1, **broken)  # type: ignore[arg-type]
    append(log, bad, a_record(a_booster_due(), seq=1))
    run_until_settled(intake)
    assert len(intake.noted()) == 1
    [row] = intake.rows(quarantine)
    assert bad.value not in row.sealed
    place = Place("intake", row.topic, row.topic_id, row.partition)
    opened = json.loads(SEALER.open(row.sealed, bound_to=sealed_place(place, row.offset)))
    assert bytes.fromhex(opened["value"]) == bad.value
    assert opened["headers"] == dict(bad.headers)


def test_a_key_that_is_not_the_events_patient_is_not_believed(log: EmbeddedLog, intake: Desk) -> None:
    record = a_record(a_booster_due(), seq=1)
    stranger = str(uuid4())
    append(log, Record(record.topic, stranger, record.headers | {"ce_partitionkey": stranger}, record.value))
    run_until_settled(intake)
    assert intake.noted() == []
    assert len(intake.rows(quarantine)) == 1


def test_a_record_whose_key_is_not_its_envelopes_is_not_believed(log: EmbeddedLog, intake: Desk) -> None:
    record = a_record(a_booster_due(), seq=1)
    append(log, Record(record.topic, str(uuid4()), record.headers, record.value))
    run_until_settled(intake)
    assert intake.noted() == []
    assert len(intake.rows(quarantine)) == 1


def test_unknown_fields_are_ignored(log: EmbeddedLog, intake: Desk) -> None:
    event = a_booster_due()
    plain = a_record(event, seq=1)
    richer = json.dumps(json.loads(plain.value) | {"added_next_year": 1}).encode()
    append(log, Record(plain.topic, plain.key, plain.headers, richer))
    run_until_settled(intake)
    assert intake.noted(event.patient_id) == [1]


def test_the_correlation_id_of_each_event_reaches_its_handler(log: EmbeddedLog, intake: Desk) -> None:
    seen = []

    def look(uow: UnitOfWork, event: Event, now: object) -> None:
        seen.append((uow.correlation_id, uow.actor.subject))

    intake.handler = look
    append(log, a_record(a_booster_due(), seq=1, ce_correlationid="call-1"))
    append(log, a_record(a_booster_due(), seq=1, ce_correlationid="call-2"))
    run_until_settled(intake)
    assert sorted(seen) == [("call-1", "service:intake"), ("call-2", "service:intake")]


def test_a_long_line_is_applied_over_several_batches(log: EmbeddedLog, intake: Desk) -> None:
    patient = uuid4()
    revisions = list(range(1, BATCH_RECORDS * 2 + 50))
    append(log, *(a_record(a_booster_due(patient, revision=n), seq=n) for n in revisions))
    run_until_settled(intake)
    assert intake.noted(patient) == revisions


def test_an_event_log_that_was_lost_is_read_from_its_new_beginning(intake: Desk, log: EmbeddedLog) -> None:
    patient = uuid4()
    append(log, *(a_record(a_booster_due(patient, revision=n), seq=n) for n in (1, 2, 3)))
    run_until_settled(intake)
    log.close()
    for path in list(log._path.parent.glob("events.db*")):
        path.unlink()
    intake.new_worker()
    append(log, a_record(a_booster_due(patient, revision=4), seq=4))
    run_until_settled(intake)
    assert intake.noted(patient) == [1, 2, 3, 4]


@pytest.mark.parametrize("seed", range(4))
def test_a_hostile_log_changes_nothing_but_the_time_it_takes(
    log: EmbeddedLog, maintenance: Desk, intake: Desk, seed: int
) -> None:
    log._hostility = Hostile(seed=seed, duplicate=0.2, shuffle=0.5, rebalance=0.1, bounce=0.1)
    patients = [uuid4() for _ in range(12)]
    for revision in range(1, 9):
        maintenance.publish(*(a_booster_due(patient, revision=revision) for patient in patients))
        for desk in (maintenance, intake):
            desk.worker.step()
    log._hostility = Hostile(seed=seed, duplicate=0.2, shuffle=0.5)
    _wait_out_pauses(maintenance, intake)
    for patient in patients:
        assert intake.noted(patient) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert intake.rows(parked_event) == []


def _wait_out_pauses(*desks: Desk) -> None:
    for desk in desks:
        desk.worker._consumer._pause.succeeded()
        desk.worker._relay._away.succeeded()
    run_until_settled(*desks)
