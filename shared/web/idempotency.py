"""`Idempotency-Key`: a repeated POST is answered as the first was, and done once.

The answer is kept in the transaction that did the work, so there is no moment in which one stands without the other.
A key is the caller's own: two callers may use the same one. Kept for 24 hours of the machine's clock.
"""

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock

from flask import Response, request
from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, delete, insert, select, text

from shared.kernel.clock import machine_now
from shared.kernel.errors import Conflict, FieldError, Invalid
from shared.kernel.people import Actor
from shared.store.base import Instant, shared_metadata
from shared.store.unit_of_work import UnitOfWork

KEPT_FOR = timedelta(hours=24)
_LONGEST_KEY = 255
_KEPT_HEADERS = ("ETag", "Location")
_SWEEP_EVERY = 1 / 50
_SWEPT_AT_ONCE = 100

idempotency_key = Table(
    "idempotency_key",
    shared_metadata,
    Column("actor", String(200), primary_key=True),
    Column("key", String(_LONGEST_KEY), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", String(1000), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant(), nullable=False),
    Index("ix_idempotency_key_created_at", "created_at"),
)


def key_of_request() -> str | None:
    """The request's key, None without one; Invalid when it is empty, too long or not printable."""
    key = request.headers.get("Idempotency-Key")
    if key is None and request.mimetype == "application/x-www-form-urlencoded":
        key = request.form.get("once")  # pressing a form's button twice does the act once
    if key is None or request.method != "POST":
        return None
    if not 1 <= len(key) <= _LONGEST_KEY or not key.isprintable() or not key.isascii():
        raise Invalid(FieldError("/Idempotency-Key", f"Must be 1 to {_LONGEST_KEY} printable ASCII characters."))
    return key


def kept_answer(uow: UnitOfWork, actor: Actor, key: str) -> Response | None:
    """The first answer to this key; Invalid `idempotency-key-reused` when it belonged to another request."""
    row = uow.session.execute(
        select(idempotency_key).where(idempotency_key.c.actor == _caller(actor), idempotency_key.c.key == key)
    ).one_or_none()
    if row is None or machine_now() - row.created_at > KEPT_FOR:
        return None
    if row.request_digest != _digest():
        error = Invalid(message="This Idempotency-Key was used for another request; take a new one.")
        error.code = "idempotency-key-reused"
        raise error
    answer = Response(row.body, row.status, mimetype="application/json")
    for line in filter(None, row.headers.split("\n")):
        name, _, value = line.partition(": ")
        answer.headers[name] = value
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def keep_answer(uow: UnitOfWork, actor: Actor, key: str, answer: Response) -> None:
    """Keep `answer` in the transaction that it speaks of, in place of one that has expired."""
    uow.session.execute(
        delete(idempotency_key).where(idempotency_key.c.actor == _caller(actor), idempotency_key.c.key == key)
    )
    headers = "\n".join(f"{name}: {answer.headers[name]}" for name in _KEPT_HEADERS if name in answer.headers)
    uow.session.execute(
        insert(idempotency_key).values(
            actor=_caller(actor),
            key=key,
            request_digest=_digest(),
            status=answer.status_code,
            headers=headers,
            body=answer.get_data(),
            created_at=machine_now(),
        )
    )
    if random.random() < _SWEEP_EVERY:  # noqa: S311 - chance decides only who sweeps
        _forget_expired(uow)


def _forget_expired(uow: UnitOfWork) -> None:
    """Delete some answers that have expired; rows that another request is sweeping are left to it."""
    expired = (
        select(idempotency_key.c.actor, idempotency_key.c.key)
        .where(idempotency_key.c.created_at < machine_now() - KEPT_FOR)
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for actor, key in uow.session.execute(expired).all():
        uow.session.execute(
            delete(idempotency_key).where(idempotency_key.c.actor == actor, idempotency_key.c.key == key)
        )


_in_flight: set[tuple[str, str, str]] = set()
_in_flight_lock = Lock()


@contextmanager
def alone(uow: UnitOfWork, service: str, actor: Actor, key: str) -> Iterator[None]:
    """Hold the key while its request runs; Conflict `in-flight` when the same key is being worked on.

    Within one process by a set, across processes on PostgreSQL by an advisory lock that the transaction holds.
    """
    mark = (service, _caller(actor), key)
    with _in_flight_lock:
        if mark in _in_flight:
            raise _busy()
        _in_flight.add(mark)
    try:
        if uow.session.get_bind().dialect.name == "postgresql":
            number = int.from_bytes(hashlib.sha256("\x1f".join(mark).encode()).digest()[:8], "big", signed=True)
            if not uow.session.execute(text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": number}).scalar_one():
                raise _busy()
        yield
    finally:
        with _in_flight_lock:
            _in_flight.discard(mark)


def _busy() -> Conflict:
    return Conflict("A request with this Idempotency-Key is being worked on; ask again shortly.", code="in-flight")


def _caller(actor: Actor) -> str:
    """Whose key it is. One portal backend speaks for many patients: each is a caller of its own."""
    return actor.subject if actor.patient_id is None else f"{actor.subject} {actor.patient_id}"


def _digest() -> str:
    asked = f"{request.method} {request.full_path}\n".encode()
    return hashlib.sha256(asked + request.get_data()).hexdigest()
