"""What the broker refuses keeps back nobody else's facts, and no longer than it is refused."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from shared.kernel.clock import monotonic
from shared.messaging.log import EventLog, Producer, Record, RecordRefused, open_log, parse_kafka_url
from tests.support.bus import TOPIC, a_booster_due, a_record

pytestmark = pytest.mark.docker
_MOST_BYTES = 4000
SetLimit = Callable[[int], None]


@pytest.fixture
def producer(kafka_log: EventLog) -> Iterator[Producer]:
    made = kafka_log.producer()
    yield made
    made.close()


@pytest.fixture
def set_limit(kafka_log: EventLog, kafka_events: str, tmp_path: Path) -> Iterator[SetLimit]:
    """Set the most bytes that the topic takes as one batch, and wait until its broker has heard."""
    address = parse_kafka_url(kafka_events)
    admin = KafkaAdminClient(bootstrap_servers=list(address.servers))
    log = open_log(kafka_events, tmp_path)

    def limit(most_bytes: int) -> None:
        resource = ConfigResource(
            ConfigResourceType.TOPIC, f"{address.prefix}.{TOPIC}", {"max.message.bytes": str(most_bytes)}
        )
        admin.alter_configs([resource])
        until = monotonic() + 30
        while True:
            other = log.producer()
            [outcome] = other.publish([too_large()])
            other.close()
            if isinstance(outcome, RecordRefused) == (most_bytes < 10_000):
                return
            assert monotonic() < until
            time.sleep(0.1)

    yield limit
    admin.close()
    log.close()


def too_large() -> Record:
    return a_record(a_booster_due(), seq=1, value=b"x" * 10_000)


def kinds(outcomes: list[Exception | None]) -> list[Any]:
    return [type(outcome) for outcome in outcomes]


def test_a_record_that_is_refused_keeps_back_nobody_elses(producer: Producer, set_limit: SetLimit) -> None:
    set_limit(_MOST_BYTES)
    records = [a_record(a_booster_due(), seq=1) for _ in range(60)]
    records[30] = too_large()
    assert kinds(producer.publish(records)) == [type(None)] * 30 + [RecordRefused] + [type(None)] * 29


def test_after_a_refusal_the_next_facts_are_taken_at_once(producer: Producer, set_limit: SetLimit) -> None:
    set_limit(_MOST_BYTES)
    assert kinds(producer.publish([too_large()])) == [RecordRefused]
    assert producer.publish([a_record(a_booster_due(), seq=1)]) == [None]


def test_what_is_no_longer_refused_is_taken_by_the_same_producer(producer: Producer, set_limit: SetLimit) -> None:
    set_limit(_MOST_BYTES)
    refused = too_large()
    assert kinds(producer.publish([refused])) == [RecordRefused]
    set_limit(1_048_588)
    assert producer.publish([refused]) == [None]
