"""Where records stand that can't be read as the event they claim to be: sealed, with topic, partition and offset."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table
from sqlalchemy.orm import Session

from shared.messaging.inbox import Place
from shared.messaging.log import Received
from shared.store.base import Instant, shared_metadata
from shared.store.sealing import Sealer
from shared.store.upsert import upsert

quarantine = Table(
    "quarantine",
    shared_metadata,
    Column("quarantine_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("consumer", String(64), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("topic_id", String(64), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", Instant(), nullable=False),
    Index("uq_quarantine_place", "consumer", "topic_id", "partition", "offset", unique=True),
)


def put_in_quarantine(
    session: Session, place: Place, received: Received, *, reason: str, sealer: Sealer, at: datetime
) -> None:
    """Seal bytes that can't be read as the event they claim to be; safe to repeat."""
    plain = json.dumps(
        {"key": received.key, "headers": dict(received.headers), "value": received.value.hex()}, separators=(",", ":")
    ).encode()
    values: dict[str, Any] = {
        "consumer": place.consumer,
        "topic": place.topic,
        "topic_id": place.topic_id,
        "partition": place.partition,
        "offset": received.offset,
        "reason": reason[:200],
        "sealed": sealer.seal(plain, bound_to=sealed_place(place, received.offset)),
        "received_at": at,
    }
    session.execute(upsert(session, quarantine).values(values).on_conflict_do_nothing())


def sealed_place(place: Place, offset: int) -> str:
    """What a sealed record is bound to."""
    return f"quarantine/{place.consumer}/{place.topic_id}/{place.partition}/{offset}"
