"""CloudEvents 1.0 in Kafka's binary mode: attributes travel as `ce_*` headers, the value is the payload alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.fields import instant_text
from shared.contracts.registry import Contract, Undecodable
from shared.kernel.sites import SITE_ID

_REQUIRED = ("ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_partitionkey", "ce_keyseq", "ce_siteid")
_MOST_HEADER_CHARACTERS = 16_384
_GREATEST_SEQ = 2**63 - 1
_SEQ = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_CAUSE = re.compile(r"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who says what about whom, and in which place of the patient's line.

    `key` is the patient id: all events of one patient stay in order. `key_seq` counts from 1 per (topic, key), without
    gaps. `time` is the clinical instant of the fact.
    """

    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    key: str
    key_seq: int
    site_id: str
    correlation_id: str
    traceparent: str | None = None

    def to_headers(self) -> dict[str, str]:
        headers = {
            "ce_specversion": "1.0",
            "ce_id": str(self.id),
            "ce_source": self.source,
            "ce_type": self.type,
            "ce_subject": self.subject,
            "ce_time": instant_text(self.time),
            "ce_dataschema": f"urn:afterglow:schema:{self.type}",
            "content-type": "application/json",
            "ce_partitionkey": self.key,
            "ce_keyseq": str(self.key_seq),
            "ce_siteid": self.site_id,
            "ce_correlationid": self.correlation_id,
        }
        if self.traceparent:
            headers["traceparent"] = self.traceparent
        return headers

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "Envelope":
        """Raises Undecodable naming the header that is missing or malformed, never its content."""
        if sum(map(len, headers)) + sum(map(len, headers.values())) > _MOST_HEADER_CHARACTERS:
            raise Undecodable(f"the headers have more than {_MOST_HEADER_CHARACTERS} characters")
        for name in _REQUIRED:
            if not headers.get(name):
                raise Undecodable(f"header {name} is missing")
        correlation_id = headers.get("ce_correlationid", "")
        # both stand in logs as they came
        if not SITE_ID.fullmatch(headers["ce_siteid"]) or (correlation_id and not _CAUSE.fullmatch(correlation_id)):
            raise Undecodable("ce_siteid or ce_correlationid is malformed")
        try:
            time = datetime.fromisoformat(headers["ce_time"])
            event_id = UUID(headers["ce_id"])
        except ValueError:
            raise Undecodable("ce_id or ce_time is malformed") from None
        if not _SEQ.fullmatch(headers["ce_keyseq"]):
            raise Undecodable("ce_keyseq is no whole number from 1")
        key_seq = int(headers["ce_keyseq"])
        if key_seq > _GREATEST_SEQ or time.tzinfo is None:
            raise Undecodable("ce_keyseq or ce_time is out of range")
        return cls(
            id=event_id,
            source=headers["ce_source"],
            type=headers["ce_type"],
            subject=headers["ce_subject"],
            time=time,
            key=headers["ce_partitionkey"],
            key_seq=key_seq,
            site_id=headers["ce_siteid"],
            correlation_id=correlation_id,
            traceparent=headers.get("traceparent"),
        )


def header_schema(contract: Contract) -> dict[str, Any]:
    """JSON Schema of the headers of a contract's records; each is UTF-8 text on the wire."""
    headers: dict[str, dict[str, Any]] = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"format": "uuid", "description": "UUIDv7, the same in every repetition of this event"},
        "ce_source": {"const": contract.source},
        "ce_type": {"const": contract.type},
        "ce_subject": {"format": "uuid", "description": "the record that the event is about"},
        "ce_time": {"format": "date-time", "description": "the clinical instant of the fact, UTC"},
        "ce_dataschema": {"const": f"urn:afterglow:schema:{contract.type}"},
        "content-type": {"const": "application/json"},
        "ce_partitionkey": {"format": "uuid", "description": "the record's key: patient_id"},
        "ce_keyseq": {"pattern": "^[1-9][0-9]*$", "description": "place in the line of (topic, key), without gaps"},
        "ce_siteid": {"minLength": 1},
        "ce_correlationid": {"description": "what first caused it"},
        "traceparent": {"description": "W3C Trace Context"},
    }
    return {
        "type": "object",
        "required": sorted(_REQUIRED),
        "properties": {name: {"type": "string"} | facts for name, facts in headers.items()},
    }
