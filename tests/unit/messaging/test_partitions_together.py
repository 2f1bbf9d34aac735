"""What one poll brings of a topic's partitions is applied in one transaction, and each partition stands for itself."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from shared.contracts.registry import Event
from shared.messaging.bad_release import StopRules
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.inbox import consumer_offset, key_position
from shared.messaging.log import TopicPartition
from shared.store.unit_of_work import UnitOfWork
from tests.support.bus import TOPIC, Desk, a_booster_due, a_record, note, noted, run_until_settled


def patients_apart(log: EmbeddedLog) -> list[UUID]:
    """One patient a partition, by partition, each with a first event that lies there and is not read yet."""
    found: dict[int, UUID] = {}
    with_one = log.reader()
    while len(found) < len(with_one.partitions(TOPIC)):
        patient = uuid4()
        before = _ends(log)
        assert not any(log.append([a_record(a_booster_due(patient), seq=1)]))
        [partition] = [partition for partition, end in _ends(log).items() if end > before[partition]]
        found.setdefault(partition, patient)
    with_one.close()
    return [found[partition] for partition in sorted(found)]


def _ends(log: EmbeddedLog) -> dict[int, int]:
    reader = log.reader()
    ends = {each.partition: reader.bounds(each)[1] for each in reader.partitions(TOPIC)}
    reader.close()
    return ends


def send(log: EmbeddedLog, patients: list[UUID], *, seq: int) -> None:
    assert not any(log.append([a_record(a_booster_due(each, revision=seq), seq=seq) for each in patients]))


def test_all_partitions_of_a_poll_commit_at_once(
    log: EmbeddedLog, intake: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    patients = patients_apart(log)
    run_until_settled(intake)
    send(log, patients, seq=2)
    before, seen = len(intake.noted()), set()
    commit = UnitOfWork.commit

    def looked(uow: UnitOfWork) -> None:
        commit(uow)
        with intake.engine.connect() as connection:
            seen.add(connection.execute(select(func.count()).select_from(noted)).scalar_one() - before)

    monkeypatch.setattr(UnitOfWork, "commit", looked)
    intake.worker.step()
    monkeypatch.undo()
    assert seen - {0} == {len(patients)}
    assert all(intake.noted(patient) == [1, 2] for patient in patients)


def test_a_partition_that_another_consumer_has_read_is_left_and_the_others_go_on(
    log: EmbeddedLog, intake: Desk
) -> None:
    patients = patients_apart(log)
    run_until_settled(intake)
    send(log, patients, seq=2)
    taken, others = patients[2], [*patients[:2], *patients[3:]]
    with intake.unit() as uow:  # what another consumer's transaction leaves behind
        uow.session.execute(
            update(consumer_offset)
            .where(consumer_offset.c.partition == 2)
            .values(next_offset=consumer_offset.c.next_offset + 1)
        )
        uow.session.execute(update(key_position).where(key_position.c.key == str(taken)).values(last_seq=2))
    intake.worker.step()
    assert all(intake.noted(patient) == [1, 2] for patient in others)
    assert intake.noted(taken) == [1]
    send(log, patients, seq=3)
    run_until_settled(intake)
    assert intake.noted(taken) == [1, 3]
    assert all(intake.noted(patient) == [1, 2, 3] for patient in others)


def test_a_bad_release_stops_the_partition_of_the_failing_patients_and_no_other(log: EmbeddedLog, intake: Desk) -> None:
    patients = patients_apart(log)
    run_until_settled(intake)
    failing = patients[0]

    def breaks_for_one(uow: UnitOfWork, event: Event, now: datetime) -> None:
        if event.patient_id == failing:
            raise ZeroDivisionError
        note(uow, event, now)

    intake.handler, intake.stop_rules = breaks_for_one, StopRules(keys_in_a_row=1)
    intake.new_worker()
    send(log, patients, seq=2)
    for _ in range(3):
        intake.worker.step()
    assert intake.worker._consumer.stopped == {TopicPartition(TOPIC, 0)}
    assert intake.noted(failing) == [1]
    assert all(intake.noted(patient) == [1, 2] for patient in patients[1:])


def test_a_patients_first_event_after_trimming_is_told_from_a_gap_by_its_own_partition(
    log: EmbeddedLog, intake: Desk
) -> None:
    trimmed, whole = patients_apart(log)[:2]
    intake.worker.step()  # finds its partitions
    with intake.unit() as uow:
        uow.session.execute(update(consumer_offset).where(consumer_offset.c.partition == 0).values(first_offset=5))
    late, early = _another_of(log, 0), _another_of(log, 1)
    run_until_settled(intake)
    assert intake.noted(late) == [7]
    assert intake.noted(early) == []  # a gap: what came before it has not arrived
    assert intake.noted(trimmed) == intake.noted(whole) == [1]


def _another_of(log: EmbeddedLog, partition: int) -> UUID:
    """A patient of `partition` whose first event on the log has number 7."""
    while True:
        patient, before = uuid4(), _ends(log)
        assert not any(log.append([a_record(a_booster_due(patient, revision=7), seq=7)]))
        if _ends(log)[partition] > before[partition]:
            return patient
