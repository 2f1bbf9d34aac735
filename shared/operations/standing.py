"""How a service's part of the bus stands: consumers, outbox, parked keys, quarantine. Reads its own store alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.contracts.registry import REGISTRY
from shared.messaging import parking, readings
from shared.messaging.log import Away
from shared.messaging.outbox import outbox
from shared.messaging.parked_lines import count_quarantined
from shared.messaging.parking import ParkedState, parked_event
from shared.messaging.quarantine import quarantine
from shared.messaging.readings import Minute
from shared.operations.states import (
    ConsumerState,
    HeldUpBy,
    Measured,
    OutboxState,
    StandingRules,
    consumer_state,
    held_up_by,
    measured,
    outbox_state,
)
from shared.store.base import Instant

_MINUTE = timedelta(minutes=1)
_MINUTES = readings.KEPT_FOR // _MINUTE


@dataclass(frozen=True, slots=True)
class ConsumerStanding:
    """One topic. Unknown numbers are None. `applied_last_minute` is the last full minute's; `lag_last_hour` the lag in
    each of 60 minutes, oldest first, the present one last."""

    topic: str
    state: ConsumerState
    lag_records: int | None
    lag_seconds: float | None
    applied_last_hour: int
    applied_last_minute: int
    duplicates_last_hour: int
    last_applied_at: datetime | None
    stopped_partitions: tuple[int, ...]
    lag_last_hour: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class OutboxStanding:
    state: OutboxState
    rows: int
    oldest: timedelta
    last_published_at: datetime | None
    blocked_keys: int


@dataclass(frozen=True, slots=True)
class ParkedStanding:
    """`keys` are lines, one a patient and topic; `gaps` those that wait for an event that has not arrived."""

    keys: int
    dead: int
    gaps: int
    events: int
    oldest_at: datetime | None
    oldest_gap_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """`measured_at` None: no worker of this service has ever measured. All instants are machine time."""

    service: str
    now: datetime
    measured_at: datetime | None
    paused_for: Away | None
    stale: bool
    consumers: tuple[ConsumerStanding, ...]
    outbox: OutboxStanding
    parked: ParkedStanding
    quarantined: int
    quarantined_lately: int


def read_held_up(session: Session, rules: StandingRules, *, now: datetime) -> Callable[[str], HeldUpBy | None]:
    """What keeps parked lines of a topic from being tried; `now` is machine time."""
    found = measured(readings.latest(session), rules, now=now)
    return lambda topic: held_up_by(found.topic(topic))


def read_standing(session: Session, service: str, rules: StandingRules, *, now: datetime) -> Standing:
    """`now` is machine time."""
    found = measured(readings.latest(session), rules, now=now)
    since = readings.minute_of(now) - (_MINUTES - 1) * _MINUTE
    minutes = readings.minutes_since(session, service, since)
    topics = [contract.topic for contract in REGISTRY if service in contract.consumers]
    return Standing(
        service=service,
        now=now,
        measured_at=found.measured_at,
        paused_for=found.paused_for,
        stale=not found.fresh,
        consumers=tuple(
            _consumer(topic, found, [m for m in minutes if m.topic == topic], since, rules) for topic in topics
        ),
        outbox=_outbox(session, found, rules, now),
        parked=_parked(session, service),
        quarantined=count_quarantined(session, service),
        quarantined_lately=_quarantined_since(session, service, now - rules.quarantine_news),
    )


def _consumer(
    topic: str, found: Measured, minutes: list[Minute], since: datetime, rules: StandingRules
) -> ConsumerStanding:
    reading = found.topic(topic)
    by_minute = {minute.minute: minute for minute in minutes}
    full = [by_minute.get(since + n * _MINUTE) for n in range(_MINUTES)]
    return ConsumerStanding(
        topic=topic,
        state=consumer_state(reading, found.paused_for, rules),
        lag_records=None if reading is None else reading.lag_records,
        lag_seconds=None if reading is None else reading.lag_seconds,
        applied_last_hour=sum(minute.applied for minute in minutes),
        applied_last_minute=full[-2].applied if full[-2] else 0,
        duplicates_last_hour=sum(minute.duplicates for minute in minutes),
        last_applied_at=None if reading is None else reading.last_applied_at,
        stopped_partitions=() if reading is None else reading.stopped,
        lag_last_hour=tuple(minute.lag_records if minute else None for minute in full),
    )


def _outbox(session: Session, found: Measured, rules: StandingRules, now: datetime) -> OutboxStanding:
    oldest_at = func.min(outbox.c.created_at, type_=Instant())
    rows, at = session.execute(select(func.count(), oldest_at).select_from(outbox)).one()
    age = timedelta() if at is None else max(timedelta(), now - at)
    return OutboxStanding(outbox_state(rows, age, rules), rows, age, found.last_published_at, found.blocked_keys)


def _parked(session: Session, service: str) -> ParkedStanding:
    lines = select(parked_event.c.topic, parked_event.c.key).where(parked_event.c.consumer == service).distinct()
    census = parking.census(session, service)
    return ParkedStanding(
        keys=session.execute(select(func.count()).select_from(lines.subquery())).scalar_one(),
        dead=sum(number for _, state, number, _ in census if state is ParkedState.DEAD),
        gaps=sum(number for _, state, number, _ in census if state is ParkedState.GAP),
        events=sum(number for _, _, number, _ in census),
        oldest_at=min((at for _, _, _, at in census), default=None),
        oldest_gap_at=min((at for _, state, _, at in census if state is ParkedState.GAP), default=None),
    )


def _quarantined_since(session: Session, service: str, since: datetime) -> int:
    query = select(func.count()).where(quarantine.c.consumer == service, quarantine.c.received_at >= since)
    return session.execute(query).scalar_one()
