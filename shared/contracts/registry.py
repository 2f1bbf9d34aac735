"""Every event once: its topic, its producer, its consumers, its shape."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Literal
from uuid import UUID

from marshmallow import EXCLUDE, RAISE, ValidationError

from shared.contracts.booster_due import BoosterDue, BoosterDueSchema
from shared.contracts.discharge_cleared import DischargeCleared, DischargeClearedSchema
from shared.contracts.fields import EventSchema
from shared.contracts.journal_submitted import JournalSubmitted, JournalSubmittedSchema
from shared.contracts.reading import quick_reader
from shared.contracts.session_completed import SessionCompleted, SessionCompletedSchema

Event = SessionCompleted | DischargeCleared | JournalSubmitted | BoosterDue
# Raises the payload of one major version to the next: pure, and total over what that version's schema lets through.
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
# far above the 800 that an event has, and far below what would hurt whoever reads it
MOST_PAYLOAD_BYTES = 65_536
# how long the log keeps a record, read or not
RETENTION = timedelta(days=30)


class Undecodable(ValueError):
    """Bytes that aren't the event they claim to be. The message names fields, never their content."""


@dataclass(frozen=True, slots=True)
class Contract:
    """`type` is the CloudEvents type; `partitions` is fixed for good, since a key's order lives in its partition.

    `version` is the major version that is published. `upcasters` read the older ones: the last raises version - 1 to
    `version`, the one before it version - 2 to version - 1, and so on.
    """

    topic: str
    producer: str
    consumers: tuple[str, ...]
    event: type[Any]
    schema: type[EventSchema]
    partitions: int = 6
    version: int = 1
    upcasters: tuple[Upcaster, ...] = ()

    @property
    def type(self) -> str:
        return f"{self.topic}.v{self.version}"

    @property
    def source(self) -> str:
        """The CloudEvents source: the only one whose word on this topic counts."""
        return f"/services/{self.producer}"

    def upcasters_from(self, event_type: str) -> tuple[Upcaster, ...] | None:
        """What raises a payload of `event_type` to this version, in order; None for a type this release can't read."""
        for back in range(len(self.upcasters) + 1):
            if event_type == f"{self.topic}.v{self.version - back}":
                return self.upcasters[len(self.upcasters) - back :]
        return None

    def encode(self, event: Event) -> bytes:
        """The payload's JSON bytes. Strict: raises ValueError when the event breaks its own contract."""
        strict = _schema(self.schema, RAISE)
        body = strict.dump(asdict(event))
        wrong = strict.validate(body)
        if wrong:
            raise ValueError(f"{self.topic}: {sorted(map(str, wrong))}")
        payload = json.dumps(body, separators=(",", ":")).encode()
        if len(payload) > MOST_PAYLOAD_BYTES:
            raise ValueError(f"{self.topic}: more than {MOST_PAYLOAD_BYTES} bytes")
        return payload

    def decode(self, payload: bytes, upcasters: tuple[Upcaster, ...] = ()) -> Event:
        """Read a payload, ignoring fields we don't know; raises Undecodable."""
        if len(payload) > MOST_PAYLOAD_BYTES:
            raise Undecodable(f"{self.topic}: more than {MOST_PAYLOAD_BYTES} bytes")
        try:
            body = json.loads(payload)
            for raise_version in upcasters if isinstance(body, dict) else ():
                body = raise_version(body)
            quick = _quick_reader(self)(body)
            event: Event = _schema(self.schema, EXCLUDE).load(body) if quick is None else quick
        except ValidationError as error:
            raise Undecodable(f"{self.topic}: {sorted(map(str, error.messages_dict))}") from None
        except (ValueError, RecursionError):
            raise Undecodable(f"{self.topic}: not JSON") from None
        except (LookupError, TypeError, AttributeError):
            raise Undecodable(f"{self.topic}: not what an older version published") from None
        return event


@cache  # building a schema costs more than reading an event with it
def _schema(kind: type[EventSchema], unknown: Literal["exclude", "raise"]) -> EventSchema:
    return kind(unknown=unknown)


@cache
def _quick_reader(contract: Contract) -> Callable[[Any], Any]:
    return quick_reader(_schema(contract.schema, EXCLUDE), contract.event)


REGISTRY: tuple[Contract, ...] = (
    Contract(
        topic="session-completed",
        producer="intake",
        consumers=("discharge", "maintenance"),
        event=SessionCompleted,
        schema=SessionCompletedSchema,
    ),
    Contract(
        topic="discharge-cleared",
        producer="discharge",
        consumers=("integration", "intake"),
        event=DischargeCleared,
        schema=DischargeClearedSchema,
    ),
    Contract(
        topic="journal-submitted",
        producer="integration",
        consumers=("maintenance",),
        event=JournalSubmitted,
        schema=JournalSubmittedSchema,
    ),
    Contract(
        topic="booster-due",
        producer="maintenance",
        consumers=("intake",),
        event=BoosterDue,
        schema=BoosterDueSchema,
    ),
)

SERVICES = tuple(sorted({service for each in REGISTRY for service in (each.producer, *each.consumers)}))


def contract_of(event: Event) -> Contract:
    return next(contract for contract in REGISTRY if contract.event is type(event))


def contract_for_topic(topic: str) -> Contract:
    """Raises KeyError for a topic that isn't ours."""
    for contract in REGISTRY:
        if contract.topic == topic:
            return contract
    raise KeyError(topic)


def subject_of(event: Event) -> UUID:
    """The record an event is about: a journal, a plan, or else a session."""
    match event:
        case JournalSubmitted():
            return event.journal_id
        case BoosterDue():
            return event.plan_id
        case _:
            return event.session_id
