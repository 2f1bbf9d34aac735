"""What every event log must do, embedded or Kafka: the one suite that both adapters pass."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from shared.kernel.clock import monotonic
from shared.messaging.log import EventLog, PositionLost, Received, Subscription, TopicPartition, open_log
from tests.support.bus import TOPIC, a_booster_due, a_record

OpenLog = Callable[[], EventLog]


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.docker)])
def open_new_log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenLog]:
    """Opens the test's log, each time as another process would; nobody has created its topics yet."""
    url = "embedded" if request.param == "embedded" else request.getfixturevalue("kafka_events")
    opened: list[EventLog] = []

    def open_it() -> EventLog:
        opened.append(open_log(url, tmp_path))
        return opened[-1]

    yield open_it
    for log in opened:
        log.close()


@pytest.fixture
def open_same_log(open_new_log: OpenLog) -> OpenLog:
    open_new_log().ensure_topics()
    return open_new_log


@pytest.fixture
def log(open_same_log: OpenLog) -> EventLog:
    return open_same_log()


@pytest.fixture
def subscribe(open_new_log: OpenLog) -> Iterator[Callable[..., Subscription]]:
    opened: list[Subscription] = []

    def subscribe_as(consumer: str = "intake", topics: tuple[str, ...] = (TOPIC,)) -> Subscription:
        opened.append(open_new_log().subscribe(consumer, topics))
        return opened[-1]

    yield subscribe_as
    for subscription in opened:
        subscription.close()


def read(subscription: Subscription, count: int, *, max_records: int = 500, seconds: float = 20.0) -> list[Received]:
    """Read until `count` records are there, starting every partition at its beginning; fails after `seconds`."""
    found: list[Received] = []
    started: set[TopicPartition] = set()
    until = monotonic() + seconds
    while len(found) < count and monotonic() < until:
        polled: dict[TopicPartition, list[Received]] = {}
        with suppress(PositionLost):
            polled = subscription.poll(max_records, 0.2)
        fresh = subscription.assignment() - started
        for partition, beginning in subscription.beginning_offsets(fresh).items():
            subscription.seek(partition, beginning)
        for partition, records in polled.items():
            if partition not in fresh:
                found.extend(records)
        started |= fresh
    assert len(found) == count
    return found


def publish(log: EventLog, *records: object) -> None:
    producer = log.producer()
    assert producer.publish(records) == [None] * len(records)  # type: ignore[arg-type]
    producer.close()


def test_a_record_comes_back_as_it_was_sent(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    sent = a_record(a_booster_due(), seq=1, note="Grüße, 世界")
    publish(log, sent)
    [received] = read(subscribe(), 1)
    assert (received.topic, received.key, received.value) == (sent.topic, sent.key, sent.value)
    assert received.headers == sent.headers
    assert received.topic_id


def test_records_of_a_key_share_a_partition_and_keep_their_order(
    log: EventLog, subscribe: Callable[..., Subscription]
) -> None:
    patients = [uuid4() for _ in range(20)]
    records = [a_record(a_booster_due(p, revision=r), seq=r) for r in range(1, 6) for p in patients]
    publish(log, *records)
    received = read(subscribe(), len(records))
    for patient in patients:
        line = [r for r in received if r.key == str(patient)]
        assert len({r.partition for r in line}) == 1
        assert [r.headers["ce_keyseq"] for r in line] == ["1", "2", "3", "4", "5"]


def test_keys_are_spread_over_all_partitions(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    publish(log, *(a_record(a_booster_due(), seq=1) for _ in range(200)))
    assert len({r.partition for r in read(subscribe(), 200)}) == 6


def test_offsets_count_up_by_one_within_a_partition(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    patient = uuid4()
    publish(log, *(a_record(a_booster_due(patient), seq=n) for n in range(1, 11)))
    publish(log, *(a_record(a_booster_due(patient), seq=n) for n in range(11, 21)))
    assert [r.offset for r in read(subscribe(), 20)] == list(range(20))


def test_records_survive_the_process_that_wrote_them(
    open_same_log: OpenLog, subscribe: Callable[..., Subscription]
) -> None:
    writer = open_same_log()
    publish(writer, a_record(a_booster_due(), seq=1))
    writer.close()
    read(subscribe(), 1)


def test_reading_goes_on_from_where_it_is_told_to(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    patient = uuid4()
    publish(log, *(a_record(a_booster_due(patient), seq=n) for n in range(1, 11)))
    subscription = subscribe()
    place = TopicPartition(TOPIC, read(subscription, 10)[0].partition)
    subscription.seek(place, 7)
    assert subscription.position(place) == 7
    found: list[Received] = []
    until = monotonic() + 10
    while len(found) < 3 and monotonic() < until:
        found += subscription.poll(500, 0.2).get(place, [])
    assert [r.offset for r in found] == [7, 8, 9]


def test_a_poll_gives_no_more_than_asked_for(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    publish(log, *(a_record(a_booster_due(), seq=1) for _ in range(50)))
    subscription = subscribe()
    read(subscription, 50, max_records=7)
    for partition, beginning in subscription.beginning_offsets(subscription.assignment()).items():
        subscription.seek(partition, beginning)
    sizes = [sum(map(len, subscription.poll(7, 0.2).values())) for _ in range(5)]
    assert max(sizes) <= 7


def test_each_consumer_reads_everything(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    publish(log, a_record(a_booster_due(), seq=1))
    read(subscribe("intake"), 1)
    read(subscribe("maintenance"), 1)


def test_beginnings_and_ends_are_known(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    subscription = subscribe()
    publish(log, *(a_record(a_booster_due(), seq=1) for _ in range(30)))
    read(subscription, 30)
    partitions = subscription.partitions()
    assert partitions == {TopicPartition(TOPIC, n) for n in range(6)}
    assert set(subscription.beginning_offsets(partitions).values()) == {0}
    assert sum(subscription.end_offsets(partitions).values()) == 30


def test_positions_can_be_told_to_the_log(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    publish(log, a_record(a_booster_due(), seq=1))
    subscription = subscribe()
    [received] = read(subscription, 1)
    subscription.commit({TopicPartition(TOPIC, received.partition): 1})


def test_a_paused_partition_gives_out_nothing(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    patient = uuid4()
    publish(log, a_record(a_booster_due(patient), seq=1))
    subscription = subscribe()
    [received] = read(subscription, 1)
    subscription.pause(TopicPartition(TOPIC, received.partition))
    publish(log, a_record(a_booster_due(patient), seq=2))
    assert not any(subscription.poll(500, 0.2) for _ in range(3))


def test_a_topic_that_is_not_there_takes_nothing(log: EventLog) -> None:
    record = a_record(a_booster_due(), seq=1)
    producer = log.producer()
    outcomes = producer.publish([type(record)("no-such-topic", record.key, record.headers, record.value)])
    producer.close()
    assert outcomes[0] is not None


def test_it_says_that_it_is_reachable(log: EventLog) -> None:
    assert log.away() is None


def test_creating_topics_twice_changes_nothing(log: EventLog, subscribe: Callable[..., Subscription]) -> None:
    publish(log, a_record(a_booster_due(), seq=1))
    log.ensure_topics()
    read(subscribe(), 1)


def test_a_consumer_may_start_before_the_topics_are_there(
    open_new_log: OpenLog, subscribe: Callable[..., Subscription]
) -> None:
    subscription = subscribe()
    with suppress(PositionLost):
        subscription.poll(500, 0.5)
    log = open_new_log()
    log.ensure_topics()
    publish(log, a_record(a_booster_due(), seq=1))
    read(subscription, 1, seconds=30)
