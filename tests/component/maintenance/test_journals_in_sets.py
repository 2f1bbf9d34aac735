"""However journals are put together for applying, the same is left behind: files, audit, places in line, what waits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, delete, select

from services.maintenance.domain.crisis import DEMO_LINES
from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.handlers import handlers
from services.maintenance.store.tables import Base, EscalationRow, JournalRow, PlanRow, PlanSiteRow, ThreadRow
from services.maintenance.use_cases.raise_escalation import raise_for_each
from shared.kernel.people import the_service
from shared.messaging import batch as batches
from shared.messaging import inbox
from shared.messaging.bad_release import FailureWatch, StopRules
from shared.messaging.batch import Applier
from shared.messaging.inbox import Place, consumer_offset, key_position
from shared.messaging.letter import Letter, Opened, SetHandler, opened
from shared.messaging.log import Received, Record
from shared.messaging.parking import RetryRules, parked_event
from shared.messaging.quarantine import quarantine
from shared.messaging.retry import retry_parked
from shared.store.audit import audit_entry
from shared.store.base import shared_metadata
from shared.store.unit_of_work import UnitOfWork
from tests.support.bus import NOON, a_record
from tests.support.events import a_journal_submitted
from tests.support.house import House

PLACE = Place("maintenance", "journal-submitted", "topic-id", 0)
_MADE_ANEW = {"escalation_id", "thread_id", "parked_id", "quarantine_id", "audit_id", "sealed"}
_BY_THE_MACHINES_CLOCK = {"parked_at", "next_attempt_at", "received_at"}


class Curse:
    """A handler's flaw: a set that holds one of the `cursed` fails after all its statements."""

    def __init__(self, applier: Applier, cursed: set[UUID]) -> None:
        self.cursed = cursed
        real = applier.handlers["journal-submitted"]
        assert isinstance(real, SetHandler)
        self._real = real
        self.sets: list[int] = []

    def apply(self, uow: UnitOfWork, letters: Sequence[Letter], now: datetime) -> None:
        self._real.apply(uow, letters, now)
        if any(letter.event.journal_id in self.cursed for letter in letters):  # type: ignore[union-attr]
            raise ZeroDivisionError("cursed")
        self.sets.append(len(letters))


class Desk:
    """Maintenance's own applying, over and over on an emptied store."""

    def __init__(self, house: House) -> None:
        deps = house.service("maintenance").deps
        self.engine = deps.engine
        plain = Applier("maintenance", deps.engine, handlers(deps), deps.clock, deps.sealer, RetryRules(jitter=0.0))
        self.curse = Curse(plain, set())
        self.applier = replace(plain, handlers={"journal-submitted": SetHandler(self.curse.apply)})

    def applies(self, stream: Sequence[Opened], *, at_a_time: int, rules: StopRules | None = None) -> list[Any]:
        """Read `stream` from the front in batches of `at_a_time`; what came of each batch."""
        watch, done, tallies = FailureWatch(rules or StopRules()), 0, []
        self.empty()
        with self.unit() as uow:
            inbox.set_fence(uow.session, PLACE, beginning=0)
        while done < len(stream):
            tally = self.applier.apply(stream[done : done + at_a_time], watch, expected={PLACE.partition: done})
            tallies.append(tally)
            done += tally.read
            if tally.stop:
                break
        return tallies

    def left_behind(self) -> dict[str, list[Any]]:
        """All rows, in an order of their own; audit entries in the order in which a patient's were made."""
        tables = [PlanRow, PlanSiteRow, JournalRow, EscalationRow, ThreadRow]
        shared = [key_position, consumer_offset, parked_event, quarantine]
        left = {table.name: self._rows(table) for table in (*(kind.__table__ for kind in tables), *shared)}  # type: ignore[attr-defined]
        entries = self._rows(audit_entry, in_order=True)
        left["audit_entry"] = sorted(entries, key=lambda entry: str(entry["patient_id"]))
        for entry in left["audit_entry"]:
            if entry["action"] == "escalation-raised":
                del entry["record_id"]
        return left

    def unit(self) -> UnitOfWork:
        return UnitOfWork(self.engine, actor=the_service("maintenance"), correlation_id="")

    def empty(self) -> None:
        with self.engine.begin() as connection:
            for table in (*reversed(Base.metadata.sorted_tables), *shared_metadata.sorted_tables):
                connection.execute(delete(table))

    def _rows(self, table: Table, *, in_order: bool = False) -> list[dict[str, Any]]:
        query = select(table).order_by(*table.primary_key)
        with self.engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        kept = [{k: v for k, v in row.items() if k not in _MADE_ANEW | _BY_THE_MACHINES_CLOCK} for row in rows]
        return kept if in_order else sorted(kept, key=str)


@pytest.fixture
def desk(house: House, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(batches, "BATCH_SECONDS", 1000.0)  # how a batch is cut must not hang on the machine
    return Desk(house)


def a_stream(seed: int, *, length: int = 90) -> tuple[list[Opened], set[UUID]]:
    """Seven patients' journals as a bad day delivers them, and the journals that the handler fails on."""
    random = Random(seed)
    people = [UUID(int=random.getrandbits(128), version=4) for _ in range(7)]
    lines: dict[UUID, list[Any]] = {person: [] for person in people}
    for number in range(length):
        person = random.choice(people)
        journal = a_journal_submitted(
            journal_id=UUID(int=random.getrandbits(128), version=4),
            patient_id=person,
            site_id=random.choice(["riverside", "riverside", "lakeview" if random.random() < 0.1 else "riverside"]),
            contact_requested=random.random() < 0.15,
        )
        if lines[person] and random.random() < 0.05:  # told twice, under two numbers
            journal = replace(lines[person][-1], site_id=journal.site_id)
        lines[person].append(journal)
        if number % 40 == 39:
            lines[person][-1] = replace(journal, site_id="nowhere-that-is-known")
    sent = [
        a_record(journal, seq=seq, ce_correlationid=f"{person.hex[:6]}-{seq}")
        for person, line in lines.items()
        for seq, journal in enumerate(line, start=1)
    ]
    random.shuffle(sent)
    sent.sort(key=lambda record: int(record.headers["ce_keyseq"]) + random.uniform(0, 1.3))  # mostly in order
    sent += random.choices(sent, k=length // 4)  # duplicates
    del sent[random.randrange(len(sent))]  # perhaps a gap
    sent.insert(random.randrange(len(sent)), replace(sent[0], value=b"not JSON"))
    stream = [_received(offset, record) for offset, record in enumerate(sent)]
    return stream, {random.choice(line).journal_id for line in list(lines.values())[:2] if line}


def _received(offset: int, sent: Record) -> Opened:
    return opened(Received(sent.topic, PLACE.topic_id, 0, offset, sent.key, dict(sent.headers), sent.value))


@pytest.mark.parametrize("seed", range(3))
def test_sets_of_any_size_leave_what_one_at_a_time_leaves(desk: Desk, seed: int) -> None:
    stream, desk.curse.cursed = a_stream(seed)
    alone = desk.applies(stream, at_a_time=1)
    expected = desk.left_behind()
    assert expected["parked_event"]
    assert len(expected["journal"]) > 10
    for size in (5, 500):
        together = desk.applies(stream, at_a_time=size)
        assert desk.left_behind() == expected
        for count in ("read", "applied", "duplicates", "gaps", "parked", "quarantined"):
            assert sum(getattr(tally, count) for tally in together) == sum(getattr(tally, count) for tally in alone)


def first_journals(count: int) -> list[Opened]:
    """The first journals of as many patients; journal and patient are numbered from 0."""
    sent = [
        a_record(a_journal_submitted(journal_id=UUID(int=n), patient_id=UUID(int=1000 + n)), seq=1)
        for n in range(count)
    ]
    return [_received(offset, record) for offset, record in enumerate(sent)]


def test_whoever_fails_waits_alone_and_the_rest_of_the_set_stands(desk: Desk) -> None:
    desk.curse.cursed = {UUID(int=41)}
    [tally] = desk.applies(first_journals(64), at_a_time=64)
    assert (tally.applied, tally.parked) == (63, 1)
    [parked] = desk.left_behind()["parked_event"]
    assert (parked["key"], parked["attempts"], parked["reason"]) == (str(UUID(int=1041)), 1, "ZeroDivisionError")
    assert len(desk.curse.sets) == 6  # halves, not one at a time
    desk.curse.cursed = set()
    with desk.unit() as uow:
        uow.session.execute(parked_event.update().values(next_attempt_at=parked_event.c.parked_at))
    assert retry_parked(desk.applier).applied == 1
    assert len(desk.left_behind()["journal"]) == 64


def test_a_bad_release_stops_at_the_same_record_however_the_stream_is_cut(desk: Desk) -> None:
    stream = first_journals(60)
    desk.curse.cursed = {UUID(int=n) for n in (3, 4, 5, 20, *range(31, 60))}
    rules = StopRules(keys_in_a_row=7)
    [*_, last] = desk.applies(stream, at_a_time=1, rules=rules)
    expected = desk.left_behind()
    assert last.stop
    assert expected["consumer_offset"][0]["next_offset"] == 37
    for size in (5, 500):
        [*_, last] = desk.applies(stream, at_a_time=size, rules=rules)
        assert last.stop
        assert desk.left_behind() == expected


def test_what_calls_somebody_at_once_is_never_raised_in_a_set(desk: Desk) -> None:
    with desk.unit() as uow, pytest.raises(ValueError, match="somebody is called at once"):
        raise_for_each(uow, EscalationKind.SUICIDE_RISK, {}, rules=MaintenanceRules(crisis_lines=DEMO_LINES), now=NOON)
