"""A record, opened: who it speaks of, its place in their line, and the event inside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.contracts.envelope import Envelope
from shared.contracts.registry import Event, Undecodable, contract_for_topic, subject_of
from shared.messaging.log import Received
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Letter:
    topic: str
    envelope: Envelope
    event: Event

    @property
    def key(self) -> str:
        return self.envelope.key

    @property
    def seq(self) -> int:
        return self.envelope.key_seq


# Called as handler(uow, event, now) inside the batch's transaction. Raising parks the event and its key.
Handler = Callable[[UnitOfWork, Event, datetime], None]


@dataclass(frozen=True, slots=True)
class SetHandler:
    """Takes many letters of its topic at once, where one statement for all of them pays (docs/adr/0018).

    Called as `apply(uow, letters, now)`; all take effect, or it raises and none does. It must leave what a call for
    each alone, in the same order, would leave: a set that fails is divided until whoever fails is found. A key may
    stand among them several times, in the order of its line. Acts that stand for one letter take its correlation id.
    """

    apply: Callable[[UnitOfWork, Sequence[Letter], datetime], None]


Handlers = Mapping[str, Handler | SetHandler]
Opened = tuple[Received, Letter | Undecodable]


def opened(record: Received) -> Opened:
    """A record with what is in it, or with why it can't be read."""
    try:
        return record, open_letter(record.topic, record.key, record.headers, record.value)
    except Undecodable as why:
        return record, why


def open_letter(topic: str, key: str | None, headers: Mapping[str, str], value: bytes) -> Letter:
    """Raises Undecodable; its message names headers and fields, never what they held."""
    contract = contract_for_topic(topic)
    envelope = Envelope.from_headers(headers)
    upcasters = contract.upcasters_from(envelope.type)
    if upcasters is None:
        raise Undecodable("ce_type is not one that this release reads")
    if envelope.source != contract.source:
        raise Undecodable("ce_source is not the topic's producer")
    if envelope.key != key or len(envelope.key) > 64:
        raise Undecodable("ce_partitionkey is not the record's key")
    event = contract.decode(value, upcasters)
    if str(event.patient_id) != envelope.key:
        raise Undecodable("the key is not the event's patient")
    if event.site_id != envelope.site_id or str(subject_of(event)) != envelope.subject:
        raise Undecodable("ce_siteid or ce_subject is not the event's")
    return Letter(topic, envelope, event)
