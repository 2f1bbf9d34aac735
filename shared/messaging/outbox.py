"""Facts waiting to be published, written in the same transaction as the rows they speak of.

Why it exists: a session that is committed but never announced is a sedated person nobody is watching. The database is
the only thing that can commit both, so the event is a row first and a Kafka record later.

`key_seq` is taken under a lock on the key's counter that is held to commit, so the visible rows of a key are always a
prefix of its line: what the relay sees of a patient has no holes.
"""

import json
from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text, insert

from shared.contracts.envelope import Envelope
from shared.contracts.registry import Event, contract_of, subject_of
from shared.kernel.clock import machine_now
from shared.kernel.ids import new_event_id
from shared.messaging.signal import outbox_written
from shared.store.base import Instant, shared_metadata
from shared.store.unit_of_work import UnitOfWork
from shared.store.upsert import upsert

outbox = Table(
    "outbox",
    shared_metadata,
    Column("outbox_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("topic", String(64), nullable=False),
    Column("key", String(64), nullable=False),
    Column("key_seq", BigInteger, nullable=False),
    Column("headers", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("created_at", Instant(), nullable=False),
    Index("uq_outbox_topic_key_key_seq", "topic", "key", "key_seq", unique=True),
)

outbox_counter = Table(
    "outbox_counter",
    shared_metadata,
    Column("topic", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
)


def publish(uow: UnitOfWork, event: Event, *, now: datetime) -> None:
    """Write `event` into the outbox of this transaction; it is announced once the transaction has committed.

    Raises ValueError when the event breaks its own contract: a bug in the caller, so nothing is committed.
    """
    contract = contract_of(event)
    payload = contract.encode(event)
    key = str(event.patient_id)
    envelope = Envelope(
        id=new_event_id(),
        source=contract.source,
        type=contract.type,
        subject=str(subject_of(event)),
        time=now,
        key=key,
        key_seq=_next_seq(uow, contract.topic, key),
        site_id=event.site_id,
        correlation_id=uow.correlation_id,
        traceparent=uow.traceparent,
    )
    uow.session.execute(
        insert(outbox).values(
            topic=contract.topic,
            key=key,
            key_seq=envelope.key_seq,
            headers=json.dumps(envelope.to_headers(), separators=(",", ":")),
            payload=payload,
            created_at=machine_now(),
        )
    )
    uow.after_commit(outbox_written)


def _next_seq(uow: UnitOfWork, topic: str, key: str) -> int:
    counted = (
        upsert(uow.session, outbox_counter)
        .values(topic=topic, key=key, last_seq=1)
        .on_conflict_do_update(index_elements=["topic", "key"], set_={"last_seq": outbox_counter.c.last_seq + 1})
        .returning(outbox_counter.c.last_seq)
    )
    seq: int = uow.session.execute(counted).scalar_one()
    return seq
