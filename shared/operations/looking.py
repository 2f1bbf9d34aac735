"""A look at what travels: the newest records of a topic, or those after a place, as ids and codes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.registry import REGISTRY, Undecodable
from shared.kernel.errors import FieldError, Invalid, Unavailable
from shared.messaging.letter import opened
from shared.messaging.log import BrokerAway, EventLog, Reader, Received, TopicPartition

MOST_RECORDS = 200
_PLACE = re.compile(r"\d{1,4}:\d{1,13}(,\d{1,4}:\d{1,13})*")


@dataclass(frozen=True, slots=True)
class Looked:
    """`after` says where to look on from: `partition:offset` of every partition."""

    records: list[Received]
    after: str


def consumed_topic(service: str, topic: str) -> str:
    """`topic` when `service` consumes it; raises Invalid, naming those it does."""
    topics = [contract.topic for contract in REGISTRY if service in contract.consumers]
    if topic not in topics:
        raise Invalid(FieldError("/topic", f"Must be one that {service} consumes: {', '.join(topics)}."))
    return topic


def look(log: EventLog, topic: str, *, after: str | None, limit: int) -> Looked:
    """The newest `limit` records, or the first `limit` after a place that an earlier look has named.

    Raises Invalid for a place that is none, Unavailable when the log can't be reached.
    """
    places = None if after is None else _places(after)
    reader = log.reader()
    try:
        return _newest(reader, topic, limit) if places is None else _from(reader, topic, places, limit)
    except BrokerAway:
        raise Unavailable("The event log can’t be reached.") from None
    finally:
        reader.close()


def shown(record: Received) -> dict[str, Any]:
    """One record, redacted: nothing of an unreadable one but its place and why."""
    place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    _, letter = opened(record)
    if isinstance(letter, Undecodable):
        names = ("event_id", "type", "key", "key_seq", "site_id", "correlation_id")
        told: dict[str, Any] = dict.fromkeys(names) | {"readable": False, "unreadable_reason": str(letter)}
    else:
        envelope = letter.envelope
        told = {
            "readable": True,
            "unreadable_reason": None,
            "event_id": str(envelope.id),
            "type": envelope.type,
            "key": envelope.key,
            "key_seq": envelope.key_seq,
            "site_id": envelope.site_id,
            "correlation_id": envelope.correlation_id,
        }
    return place | told | {"bytes": len(record.value)}


def _newest(reader: Reader, topic: str, limit: int) -> Looked:
    found, places = [], {}
    for partition in reader.partitions(topic):
        first, end = reader.bounds(partition)
        start = max(first, end - limit)
        found += reader.read(partition, start, limit) if start < end else []
        places[partition.partition] = end
    # an event's id begins with the time it was made at
    found.sort(key=lambda record: (record.headers.get("ce_id", ""), record.partition, record.offset))
    return Looked(found[-limit:], _text(places))


def _from(reader: Reader, topic: str, places: Mapping[int, int], limit: int) -> Looked:
    found: list[Received] = []
    reached = dict(places)
    for partition in reader.partitions(topic):
        here = places.get(partition.partition, 0)
        if len(found) < limit and here < reader.bounds(partition)[1]:
            records = reader.read(TopicPartition(topic, partition.partition), here, limit - len(found))
            found += records
            here = records[-1].offset + 1 if records else here
        reached[partition.partition] = here
    return Looked(found, _text(reached))


def _places(text: str) -> dict[int, int]:
    if not _PLACE.fullmatch(text):
        raise Invalid(FieldError("/cursor", "Not a place of this topic: use the `next` of an answer, unchanged."))
    return {int(partition): int(offset) for partition, offset in (each.split(":") for each in text.split(","))}


def _text(places: Mapping[int, int]) -> str:
    return ",".join(f"{partition}:{offset}" for partition, offset in sorted(places.items()))
