"""What the services of these trials commit and note: producers' promises, consumers' ledgers, and the chain between.

intake promises a session-completed; discharge applies it and promises a discharge-cleared, integration that and a
journal-submitted, maintenance that and a booster-due, which intake applies: one commit of a writer becomes four events
in the outboxes of four services. A promise stands in the transaction that publishes it, so the two can't disagree but
by a fault of what is tried here. Nothing in these tables keeps a second row of the same fact out: a doubled one shows.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import BigInteger, Column, Engine, Index, Integer, MetaData, String, Table, insert

from shared.contracts.registry import REGISTRY, Event, contract_of, subject_of
from shared.messaging import outbox
from shared.messaging.letter import Handler
from shared.store.base import shared_metadata
from shared.store.unit_of_work import UnitOfWork
from shared.store.upsert import upsert
from tests.support.events import a_booster_due, a_discharge_cleared, a_journal_submitted, a_session_completed

SERVICES = tuple(contract.producer for contract in REGISTRY)
# what a service that applied one says next
_NEXT = {
    ("discharge", "session-completed"): "discharge-cleared",
    ("integration", "discharge-cleared"): "journal-submitted",
    ("maintenance", "journal-submitted"): "booster-due",
}
_DAY_ONE = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

_metadata = MetaData()


def _number() -> Column[int]:
    return Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _fact(name: str) -> Table:
    return Table(
        name,
        _metadata,
        _number(),
        Column("topic", String(64), nullable=False),
        Column("patient", String(36), nullable=False),
        Column("fact", String(36), nullable=False),
        Column("n", Integer, nullable=False),
        Index(f"ix_{name}_topic", "topic"),
    )


promised = _fact("promised")
applied = _fact("applied")
# how many facts of a patient intake's writers have promised; the row's lock makes n follow the commits
promised_count = Table(
    "promised_count",
    _metadata,
    Column("patient", String(36), primary_key=True),
    Column("n", Integer, nullable=False),
)


class Stumble(Exception):
    """A handler of these trials fails on purpose, at a service's first try of some facts."""


def create_tables(engine: Engine) -> None:
    shared_metadata.create_all(engine)
    _metadata.create_all(engine)


def promise_sessions(uow: UnitOfWork, patients: Iterable[UUID], facts: Iterable[UUID]) -> None:
    """A session-completed for each patient; always in one order, as whoever locks several rows must."""
    for patient, fact in zip(sorted(patients), facts, strict=True):
        counted = upsert(uow.session, promised_count).values(patient=str(patient), n=1)
        counted = counted.on_conflict_do_update(index_elements=["patient"], set_={"n": promised_count.c.n + 1})
        n = uow.session.execute(counted.returning(promised_count.c.n)).scalar_one()
        _promise(uow, _event("session-completed", fact, patient, n))


class Ledger:
    """The handlers of one service. One fact in `stumbles` fails at its first try, 0 for none; `tried` is the file in
    which the service's processes note these, so that one who dies often is not a fact that fails often."""

    def __init__(self, service: str, stumbles: int, tried: Path) -> None:
        self.service, self._stumbles = service, stumbles
        self._noted = os.open(tried, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        self._tried = set(tried.read_text().split())

    def handlers(self) -> dict[str, Handler]:
        return {contract.topic: self.apply for contract in REGISTRY if self.service in contract.consumers}

    def apply(self, uow: UnitOfWork, event: Event, now: datetime) -> None:
        topic, fact, n = contract_of(event).topic, subject_of(event), _n_of(event)
        uow.session.execute(insert(applied).values(_row(topic, event.patient_id, fact, n)))
        following = _NEXT.get((self.service, topic))
        if following is not None:
            _promise(uow, _event(following, uuid5(fact, following), event.patient_id, n))
        if self._stumbles and fact.int % self._stumbles == 0 and str(fact) not in self._tried:
            self._tried.add(str(fact))
            os.write(self._noted, f"{fact}\n".encode())
            raise Stumble


def _promise(uow: UnitOfWork, event: Event) -> None:
    row = _row(contract_of(event).topic, event.patient_id, subject_of(event), _n_of(event))
    uow.session.execute(insert(promised).values(row))
    outbox.publish(uow, event, now=_DAY_ONE)


def _row(topic: str, patient: UUID, fact: UUID, n: int) -> dict[str, object]:
    return {"topic": topic, "patient": str(patient), "fact": str(fact), "n": n}


def _event(topic: str, fact: UUID, patient: UUID, n: int) -> Event:
    match topic:
        case "session-completed":
            return a_session_completed(session_id=fact, patient_id=patient, revision=n)
        case "discharge-cleared":
            return a_discharge_cleared(session_id=fact, patient_id=patient, revision=n)
        case "journal-submitted":
            at = _DAY_ONE + timedelta(seconds=n)
            return a_journal_submitted(journal_id=fact, patient_id=patient, written_at=at, submitted_at=at)
        case _:
            return a_booster_due(plan_id=fact, patient_id=patient, revision=n)


def _n_of(event: Event) -> int:
    revision = getattr(event, "revision", None)
    return int((event.written_at - _DAY_ONE).total_seconds()) if revision is None else revision
