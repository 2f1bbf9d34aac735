"""A small bus for tests of messaging: services with real stores that publish, and that note what reaches them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, Engine, Integer, MetaData, String, Table, Uuid, insert, select

from shared.contracts.booster_due import BoosterDue, BoosterReason, BoosterState
from shared.contracts.envelope import Envelope
from shared.contracts.registry import Event, contract_of, subject_of
from shared.kernel.clock import FixedClock
from shared.kernel.ids import new_event_id
from shared.kernel.people import the_service
from shared.messaging.bad_release import StopRules
from shared.messaging.jobs import Job
from shared.messaging.letter import Handler
from shared.messaging.log import EventLog, Record
from shared.messaging.outbox import publish
from shared.messaging.parking import RetryRules
from shared.messaging.worker import Worker
from shared.store.base import shared_metadata
from shared.store.sealing import Sealer
from shared.store.unit_of_work import UnitOfWork

TOPIC = "booster-due"
NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
SEALER = Sealer.from_text(Sealer.new_key_text("test"))

# What a handler of these tests writes: one row an applied event, in the order of application.
_test_metadata = MetaData()
noted = Table(
    "noted",
    _test_metadata,
    Column("noted_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("patient_id", Uuid(), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("correlation_id", String(128), nullable=False),
)


def a_booster_due(patient_id: UUID | None = None, *, revision: int = 1, **changes: Any) -> BoosterDue:
    event = BoosterDue(
        plan_id=uuid4(),
        patient_id=patient_id or uuid4(),
        site_id="riverside",
        course_id=uuid4(),
        cycle=1,
        due_on=date(2026, 4, 1),
        lead_days=14,
        interval_days=28,
        reason=BoosterReason.INTERVAL_SET,
        state=BoosterState.DUE,
        revision=revision,
    )
    return replace(event, **changes)


def a_record(event: Event, *, seq: int, value: bytes | None = None, **headers: str) -> Record:
    """A record as a relay would send it, for tests that speak to the log directly."""
    contract = contract_of(event)
    envelope = Envelope(
        id=new_event_id(),
        source=contract.source,
        type=contract.type,
        subject=str(subject_of(event)),
        time=NOON,
        key=str(event.patient_id),
        key_seq=seq,
        site_id=event.site_id,
        correlation_id="test",
    )
    payload = contract.encode(event) if value is None else value
    return Record(contract.topic, str(event.patient_id), envelope.to_headers() | headers, payload)


def create_tables(engine: Engine) -> None:
    shared_metadata.create_all(engine)
    _test_metadata.create_all(engine)


def note(uow: UnitOfWork, event: Event, now: datetime) -> None:
    """The handler of these tests."""
    assert isinstance(event, BoosterDue)
    uow.session.execute(
        insert(noted).values(patient_id=event.patient_id, revision=event.revision, correlation_id=uow.correlation_id)
    )


@dataclass
class Desk:
    """One service of the bus: its store, its worker. `handler` may be changed while it works."""

    service: str
    engine: Engine
    log: EventLog
    handler: Handler = note
    consumes: bool = True
    jobs: Sequence[Job] = ()
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    retry: RetryRules = field(default_factory=lambda: RetryRules(first=timedelta(seconds=1), jitter=0.0))
    stop_rules: StopRules = field(default_factory=StopRules)

    def __post_init__(self) -> None:
        self.worker = self.new_worker()

    def new_worker(self) -> Worker:
        """Another worker on the same store, as after a restart."""
        handlers: dict[str, Handler] = {TOPIC: self._handle} if self.consumes else {}
        self.worker = Worker(
            self.service,
            self.engine,
            self.log,
            handlers,
            self.jobs,
            self.clock,
            SEALER,
            retry_rules=self.retry,
            stop_rules=self.stop_rules,
        )
        return self.worker

    def publish(self, *events: Event) -> None:
        with self.unit() as uow:
            for event in events:
                publish(uow, event, now=NOON)

    def unit(self) -> UnitOfWork:
        return UnitOfWork(self.engine, actor=the_service(self.service), correlation_id="test")

    def noted(self, patient_id: UUID | None = None) -> list[int]:
        """Revisions applied, in order; of one patient or of all."""
        query = select(noted.c.revision).order_by(noted.c.noted_id)
        if patient_id is not None:
            query = query.where(noted.c.patient_id == patient_id)
        with self.unit() as uow:
            return list(uow.session.scalars(query))

    def rows(self, table: Table) -> list[Any]:
        with self.unit() as uow:
            return list(uow.session.execute(select(table)))

    def _handle(self, uow: UnitOfWork, event: Event, now: datetime) -> None:
        self.handler(uow, event, now)


def run_until_settled(*desks: Desk, rounds: int = 200, ready: Callable[[], bool] = lambda: True) -> None:
    """Step the workers until nothing moves; fails when they don't come to rest."""
    for _ in range(rounds):
        moved = [desk.worker.step() for desk in desks]
        if not any(moved) and all(desk.worker.settled() for desk in desks) and ready():
            return
    raise AssertionError("the workers did not come to rest")
