"""Whatever lies on a topic ends in quarantine or parking with its reason; the patients around it notice nothing.

All bad records lie in one partition, each with a good one behind it, and are read once for each log.
"""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import MessageSizeTooLargeError

from shared.messaging.embedded import EmbeddedLog
from shared.messaging.inbox import Place
from shared.messaging.log import EventLog, RecordRefused, open_log, parse_kafka_url
from shared.messaging.parking import parked_event
from shared.messaging.quarantine import quarantine, sealed_place
from shared.observability.logging import configure_logging
from tests.integration.messaging.conftest import desk_on
from tests.support.bad_records import HUGE, WORDS, Raw, bad_records, good
from tests.support.bus import SEALER, TOPIC, Desk, a_booster_due, a_record, run_until_settled
from tests.support.containers import database_on

PATIENT = uuid4()


@dataclass
class Reading:
    """What came of all bad records of one log; rows by offset."""

    offsets: dict[str, int]
    records: dict[str, Raw]
    quarantined: dict[int, Any]
    noted: list[int]
    parked: dict[int, Any]
    told: str


def _each(*cases: str) -> list[Any]:
    return [
        pytest.param(
            adapter, *case, id="-".join([adapter, *case]), marks=[pytest.mark.docker] if adapter == "kafka" else []
        )
        for adapter in ("embedded", "kafka")
        for case in ([(name,) for name in bad_records(adapter)] if cases else [()])
    ]


EACH_LOG = pytest.mark.parametrize("adapter", _each(), indirect=True, scope="module")
EACH_CASE = pytest.mark.parametrize(("adapter", "case"), _each("case"), indirect=["adapter"], scope="module")


@pytest.fixture(scope="module")
def adapter(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def reading(
    adapter: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reading]:
    folder = tmp_path_factory.mktemp("bad")
    records = {name: make() for name, (make, _) in bad_records(adapter).items()}
    line = [good(PATIENT, seq=1)]
    offsets: dict[str, int] = {}
    for name, record in records.items():
        offsets[name] = len(line)
        line += [record, good(PATIENT, seq=len(offsets) + 1)]
    with ExitStack() as stack:
        if adapter == "kafka":
            events = f"{request.getfixturevalue('kafka_url')}/t{uuid4().hex[:10]}"
            database = stack.enter_context(database_on(request.getfixturevalue("postgres_url")))
        else:
            events, database = "embedded", f"sqlite:///{folder}/intake.db"
        log = open_log(events, folder)
        stack.callback(log.close)
        log.ensure_topics()
        _write(log, events, line)
        told = stack.enter_context(_listening())
        desk = stack.enter_context(desk_on(database, "intake", log, consumes=True))
        run_until_settled(desk, rounds=2000, ready=lambda: len(desk.noted()) > len(records))
        yield _what_came_of_it(desk, offsets, records, told)


def _what_came_of_it(desk: Desk, offsets: dict[str, int], records: dict[str, Raw], told: StringIO) -> Reading:
    sealed = {row.offset: row for row in desk.rows(quarantine)}
    parked = {row.offset: row for row in desk.rows(parked_event)}
    return Reading(offsets, records, sealed, desk.noted(PATIENT), parked, told.getvalue())


def _write(log: EventLog, events: str, line: list[Raw]) -> None:
    """Into partition 0 as it is, past the producer and its checks: as somebody who means no good would."""
    if isinstance(log, EmbeddedLog):
        with log.writing() as connection:
            [(number,)] = connection.execute(f"SELECT number FROM head WHERE topic = '{TOPIC}' AND partition = 0")
            rows = [
                (
                    number << 44 | offset,
                    _text(raw.key),
                    json.dumps({n: _text(v) for n, v in raw.headers}),
                    raw.value or b"",
                )
                for offset, raw in enumerate(line)
            ]
            connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?, 4102444800)", rows)
            connection.execute("UPDATE head SET next_offset = ? WHERE number = ?", (len(line), number))
        return
    address = parse_kafka_url(events)
    topic = f"{address.prefix}.{TOPIC}"
    with ExitStack() as stack:
        admin = KafkaAdminClient(bootstrap_servers=list(address.servers))
        stack.callback(admin.close)
        producer = KafkaProducer(
            bootstrap_servers=list(address.servers),
            max_request_size=2 * HUGE,
            batch_size=0,
            enable_idempotence=False,  # one that is never gives up for good at its first refusal
        )
        stack.callback(producer.close)
        for offset, raw in enumerate(line):
            assert _sent(admin, producer, topic, raw) == offset


def _sent(admin: KafkaAdminClient, producer: Any, topic: str, raw: Raw) -> int:
    """Its offset; a topic that refuses what is so large is told to take it, until its broker has heard."""
    for _ in range(60):
        try:
            return int(producer.send(topic, raw.value, raw.key, raw.headers, partition=0).get(timeout=60).offset)
        except MessageSizeTooLargeError:
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": str(2 * HUGE)})])
            time.sleep(1)
    raise TimeoutError(f"{topic} still refuses {len(raw.value or b'')} bytes")


def _text(raw: bytes | None) -> str:
    return "" if raw is None else raw.decode(errors="backslashreplace")


@contextmanager
def _listening() -> Iterator[StringIO]:
    """Everything that is logged meanwhile, at every level, as production would write it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    told = StringIO()
    configure_logging(level="DEBUG", to=logging.StreamHandler(told))
    try:
        yield told
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@EACH_CASE
def test_it_ends_with_its_reason(adapter: str, reading: Reading, case: str) -> None:
    reason = bad_records(adapter)[case][1]
    offset = reading.offsets[case]
    if reason == "gap":
        assert (reading.parked[offset].reason, reading.parked[offset].state) == ("gap", "gap")
        assert offset not in reading.quarantined
    else:
        assert reading.quarantined[offset].reason.startswith(reason)
        assert offset not in reading.parked


@EACH_CASE
def test_nothing_of_it_is_lost(reading: Reading, case: str) -> None:
    offset, raw = reading.offsets[case], reading.records[case]
    if bad_records("kafka")[case][1] == "gap":
        assert (reading.parked[offset].payload, reading.parked[offset].key) == (raw.value, _text(raw.key))
        return
    row = reading.quarantined[offset]
    place = Place("intake", row.topic, row.topic_id, row.partition)
    kept = json.loads(SEALER.open(row.sealed, bound_to=sealed_place(place, row.offset)))
    assert bytes.fromhex(kept["value"]) == (raw.value or b"")
    assert all(_text(value) in kept["headers"][name] for name, value in raw.headers)


@EACH_LOG
def test_every_patient_around_them_is_served_in_order(reading: Reading) -> None:
    assert reading.noted == list(range(1, len(reading.records) + 2))


@EACH_LOG
def test_nothing_else_was_quarantined_or_parked(reading: Reading) -> None:
    assert set(reading.quarantined) | set(reading.parked) == set(reading.offsets.values())


@EACH_LOG
def test_no_log_shows_a_word_a_key_or_a_byte_of_them(reading: Reading) -> None:
    assert reading.told.count("it is sealed in quarantine") == len(reading.quarantined)
    assert WORDS not in reading.told
    assert "Jane" not in reading.told
    keys = {raw.key.decode() for raw in reading.records.values() if raw.key and raw.key.isascii()}
    assert not [key for key in keys | {str(PATIENT)} if key in reading.told]
    assert len(reading.told) < 100_000


@pytest.mark.parametrize("size", [2_000_000, HUGE])
@EACH_LOG
def test_a_record_too_large_is_refused_when_it_is_published(
    adapter: str, request: pytest.FixtureRequest, tmp_path: Path, size: int
) -> None:
    events = request.getfixturevalue("kafka_events") if adapter == "kafka" else "embedded"
    log = open_log(events, tmp_path)
    log.ensure_topics()
    producer = log.producer()
    huge = a_record(a_booster_due(), seq=1, value=WORDS.encode() * (size // len(WORDS)))
    outcomes = producer.publish([huge, a_record(a_booster_due(), seq=1)])
    producer.close()
    log.close()
    assert [type(outcome) for outcome in outcomes] == [RecordRefused, type(None)]
    assert WORDS not in str(outcomes[0])
