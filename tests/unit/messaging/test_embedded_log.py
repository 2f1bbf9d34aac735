"""What only the embedded log does: retention, several processes on one file, and acting out a broker's bad days."""

import multiprocessing
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest

from shared.kernel.clock import machine_now
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.embedded_file import trim
from shared.messaging.hostility import Hostile
from shared.messaging.log import Away, BrokerAway, Record, TopicPartition
from tests.support.bus import TOPIC, a_booster_due, a_record


def lines(log: EmbeddedLog) -> dict[str, list[int]]:
    """Sequence numbers by key, in the order of the log."""
    found: dict[str, list[int]] = {}
    subscription = log.subscribe("intake", [TOPIC])
    while polled := subscription.poll(100, 0.0):
        for records in polled.values():
            for record in records:
                found.setdefault(str(record.key), []).append(int(record.headers["ce_keyseq"]))
    subscription.close()
    return found


def a_batch(patients: int = 5, revisions: int = 4) -> list[Record]:
    keys = [uuid4() for _ in range(patients)]
    return [a_record(a_booster_due(key, revision=n), seq=n) for n in range(1, revisions + 1) for key in keys]


def test_records_are_kept_until_every_consumer_is_past_them(log: EmbeddedLog) -> None:
    assert not any(log.append([a_record(a_booster_due(), seq=1) for _ in range(60)]))
    tomorrow = machine_now().timestamp() + 86400
    first, second = log.subscribe("intake", [TOPIC]), log.subscribe("maintenance", [TOPIC])
    place = TopicPartition(TOPIC, 0)
    first.commit({place: 5})
    second.commit({place: 3})
    with log.writing() as connection:
        trim(connection, before=tomorrow)
    assert first.beginning_offsets([place]) == {place: 3}
    first.close()
    second.close()


def test_young_records_are_kept_whoever_has_read_them(log: EmbeddedLog) -> None:
    assert not any(log.append([a_record(a_booster_due(), seq=1) for _ in range(60)]))
    subscription = log.subscribe("intake", [TOPIC])
    place = TopicPartition(TOPIC, 0)
    subscription.commit({place: 5})
    with log.writing() as connection:
        trim(connection, before=machine_now().timestamp() - 60)
    assert subscription.beginning_offsets([place]) == {place: 0}
    subscription.close()


def test_a_reader_that_is_woken_comes_back_with_nothing_long_before_its_time(log: EmbeddedLog) -> None:
    subscription, came_back = log.subscribe("intake", [TOPIC]), Event()

    def poll() -> None:
        assert subscription.poll(100, 60.0) == {}
        came_back.set()

    reader = Thread(target=poll)
    reader.start()
    for _ in range(100):
        log.wake()
        if came_back.wait(0.1):
            break
    assert came_back.is_set()
    reader.join()
    subscription.close()


def _append_from_another_process(path: Path, count: int) -> None:
    log = EmbeddedLog(path)
    for _ in range(count):
        assert log.producer().publish([a_record(a_booster_due(), seq=1)]) == [None]
    log.close()


def test_several_processes_share_one_file(log: EmbeddedLog) -> None:
    spawn = multiprocessing.get_context("spawn")
    others = [spawn.Process(target=_append_from_another_process, args=(log._path, 20)) for _ in range(1)]
    for other in others:
        other.start()
    _append_from_another_process(log._path, 20)
    for other in others:
        other.join(60)
        assert other.exitcode == 0
    assert len(lines(log)) == 40


def test_a_batch_is_taken_whole_or_not_at_all(log: EmbeddedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any(log.append(a_batch()))

    def full(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr("shared.messaging.embedded.machine_now", full)
        outcomes = log.producer().publish(a_batch())
    assert [type(outcome) for outcome in outcomes] == [BrokerAway] * 20
    assert sum(map(len, lines(log).values())) == 20


def test_a_file_that_cannot_be_opened_is_a_broker_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "events.db").write_text("this is no database, " * 100)
    log = EmbeddedLog(tmp_path / "events.db")
    assert log.away() is Away.LOG
    assert isinstance(log.producer().publish(a_batch())[0], BrokerAway)
    log.close()


def test_hostile_shuffling_keeps_each_patients_order(log: EmbeddedLog) -> None:
    log._hostility = Hostile(seed=1, shuffle=1.0)
    batch = a_batch(patients=8)
    assert not any(log.producer().publish(batch))
    assert all(line == [1, 2, 3, 4] for line in lines(log).values())


def test_hostile_duplicates_are_really_there(log: EmbeddedLog) -> None:
    log._hostility = Hostile(seed=1, duplicate=1.0)
    assert not any(log.producer().publish(a_batch(patients=1)))
    assert list(lines(log).values()) == [[1, 2, 3, 4, 1, 2, 3, 4]]


def test_a_bouncing_broker_may_have_taken_what_it_never_acknowledged(log: EmbeddedLog) -> None:
    log._hostility = Hostile(seed=1, bounce=1.0)
    taken = 0
    for _ in range(20):
        outcomes = log.producer().publish([a_record(a_booster_due(), seq=1)])
        assert isinstance(outcomes[0], BrokerAway)
    log._hostility = Hostile(seed=1)
    taken = len(lines(log))
    assert 0 < taken < 20
