"""The real consumer, applier, parking, retries and discards, driven at random against a model of a dozen lines.

The log is a list in memory behind the real interface, so that every order of mishaps can be had; the store is SQLite.
What must hold after every step: each patient's applied facts are 1, 2, 3 … without a second one, and without a hole but
for those that an operator gave up, none of which is ever applied. Once all that was withheld has come, what was given
up behind a gap has come again and every failure has passed, all that was published is applied or given up.
"""

import atexit
import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from shared.contracts.envelope import Envelope
from shared.contracts.registry import Event
from shared.kernel.clock import FixedClock
from shared.kernel.errors import WrongState
from shared.kernel.people import the_service
from shared.messaging import discarded, mending, parked_lines
from shared.messaging.bad_release import StopRules
from shared.messaging.batch import Applier
from shared.messaging.consumer import Consumer
from shared.messaging.log import Record, TopicPartition
from shared.messaging.mending import GivenUp
from shared.messaging.parked_lines import ParkedId
from shared.messaging.parking import RetryRules
from shared.messaging.retry import retry_parked
from shared.store.engine import open_engine
from shared.store.unit_of_work import UnitOfWork
from tests.chaos.list_log import PARTITIONS, ListLog, ListSubscription
from tests.support.bus import NOON, SEALER, TOPIC, a_booster_due, a_record, create_tables, note, noted

HOW_TOLD = {"stateful_step_count": 25, "deadline": None, "suppress_health_check": list(HealthCheck)}
PATIENTS = tuple(UUID(int=n, version=4) for n in range(1, 5))
_LONG = timedelta(days=2)
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@cache
def _empty_store() -> Path:
    """Made once: a story begins with a copy of it."""
    path = Path(mkdtemp(prefix="afterglow-lines-", dir=_MEMORY)) / "lines.db"
    engine = open_engine(f"sqlite:///{path}", pool_size=1)
    create_tables(engine)
    engine.dispose()  # closing its last connection folds the write-ahead log into the file
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    return path


class Lines(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=_MEMORY)
        store = shutil.copy(_empty_store(), self.folder.name)
        self.engine: Engine = open_engine(f"sqlite:///{store}", pool_size=2)
        self.log = ListLog()
        self.now = NOON
        # the world counts as away for no time at all: what waits is not what is tried here
        self.patches = [
            patch(f"shared.messaging.{module}.machine_now", lambda: self.now) for module in ("batch", "retry")
        ]
        self.patches.append(patch("shared.messaging.backoff.Backoff.waiting", False))
        for each in self.patches:
            each.start()
        self.published: dict[UUID, int] = dict.fromkeys(PATIENTS, 0)
        self.withheld: list[Record] = []
        self.sent: list[Record] = []
        self.failing: dict[tuple[UUID, int], int] = {}
        # numbers that are never waited for again; and those given up behind a gap, which still are
        self.given_up: dict[UUID, set[int]] = {patient: set() for patient in PATIENTS}
        self.set_aside: set[tuple[UUID, int]] = set()
        self.decisions = 0
        self.world_fails = self.commit_is_lost = False
        self.applier = Applier(
            "intake", self.engine, {TOPIC: self.handle}, FixedClock(NOON), SEALER, RetryRules(attempts=10**6)
        )
        self.consumers = [self.consumer(), self.consumer()]

    def consumer(self) -> Consumer:
        calm = StopRules(keys=10**6, keys_in_a_row=10**6)
        return Consumer(self.applier, self.log, [TOPIC], stop_rules=calm)  # type: ignore[arg-type]

    def handle(self, uow: UnitOfWork, event: Event, now: datetime) -> None:
        note(uow, event, now)
        if self.world_fails:
            self.world_fails = False
            raise OperationalError("SELECT 1", {}, Exception("away"))
        left = self.failing.get((event.patient_id, event.revision), 0)  # type: ignore[union-attr]
        if left:
            self.failing[event.patient_id, event.revision] = left - 1  # type: ignore[union-attr]
            raise ValueError

    @rule(patient=st.sampled_from(PATIENTS), fails=st.integers(0, 3), withheld=st.booleans())
    def publish(self, patient: UUID, fails: int, withheld: bool) -> None:
        self.published[patient] = seq = self.published[patient] + 1
        record = a_record(a_booster_due(patient, revision=seq), seq=seq)
        if fails == 3:
            self.failing[patient, seq] = 2
        if withheld:
            self.withheld.append(record)
        else:
            self.send(record)

    def send(self, record: Record) -> None:
        self.log.append(record)
        self.sent.append(record)

    @precondition(lambda self: self.withheld)
    @rule(draw=st.data())
    def deliver_late(self, draw: st.DataObject) -> None:
        self.send(self.withheld.pop(draw.draw(st.integers(0, len(self.withheld) - 1))))

    @precondition(lambda self: self.sent)
    @rule(draw=st.data())
    def deliver_again(self, draw: st.DataObject) -> None:
        self.log.append(draw.draw(st.sampled_from(self.sent)))

    @rule(which=st.integers(0, 1))
    def read(self, which: int) -> None:
        self.consumers[which].step(0)

    @rule(which=st.integers(0, 1), partition=st.integers(0, PARTITIONS - 1))
    def take_away_or_give_back(self, which: int, partition: int) -> None:
        subscription = self.consumers[which]._subscribed()
        assert isinstance(subscription, ListSubscription)
        subscription.assigned ^= {TopicPartition(TOPIC, partition)}

    @rule(which=st.integers(0, 1))
    def die_and_start_anew(self, which: int) -> None:
        self.consumers[which] = self.consumer()

    @rule()
    def the_database_goes_away_in_a_handler(self) -> None:
        self.world_fails = True

    @rule(which=st.integers(0, 1))
    def the_answer_to_a_commit_is_lost(self, which: int) -> None:
        """It happened, and nobody was told."""
        commit = UnitOfWork.commit

        def unheard(unit: UnitOfWork) -> None:
            commit(unit)
            raise OperationalError("COMMIT", {}, Exception("connection lost"))

        with patch.object(UnitOfWork, "commit", unheard):
            self.consumers[which].step(0)

    @rule(seconds=st.sampled_from([1, 10, 3600, -86400, 86400]))
    def time_passes_and_lines_are_tried(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.retry()

    def retry(self) -> None:
        try:
            retry_parked(self.applier)
        except OperationalError:
            assert not self.world_fails

    @precondition(lambda self: self.parked())
    @rule(draw=st.data(), what=st.sampled_from(GivenUp))
    def an_operator_gives_up(self, draw: st.DataObject, what: GivenUp) -> None:
        head = draw.draw(st.sampled_from(self.parked()))
        patient, seq, last = UUID(head.key), head.seq, self.reached(UUID(head.key))
        missing = set(range(last + 1, seq))
        refused = what is GivenUp.MISSING and not missing
        with pytest.raises(WrongState, match="Nothing is missing") if refused else nullcontext(), self.unit() as uow:
            mending.discard(uow.session, "intake", head, what, why="lost", by="operator", at=self.now, sealer=SEALER)
        if refused:
            return
        self.decisions += 1
        if what is GivenUp.MISSING:
            self.given_up[patient] |= missing
        elif missing:
            self.set_aside.add((patient, seq))
        elif seq > last:
            self.given_up[patient].add(seq)

    @invariant()
    def every_line_is_in_order_without_hole_or_double(self) -> None:
        for patient, applied in self.applied().items():
            reached = self.reached(patient)
            assert applied == [n for n in range(1, reached + 1) if n not in self.given_up[patient]]
            assert reached <= self.published[patient]

    def reached(self, patient: UUID) -> int:
        """The last number of the line that was applied or given up."""
        return max([0, *self.applied()[patient], *self.given_up[patient]])

    def parked(self) -> list[ParkedId]:
        with self.unit(read_only=True) as uow:
            return [head.place for head in parked_lines.heads(uow.session, "intake", beyond=None, limit=100)]

    def unit(self, *, read_only: bool = False) -> UnitOfWork:
        return UnitOfWork(self.engine, actor=the_service("intake"), correlation_id="", read_only=read_only)

    def applied(self) -> dict[UUID, Sequence[int]]:
        lines: dict[UUID, list[int]] = {patient: [] for patient in PATIENTS}
        with self.engine.connect() as connection:
            for row in connection.execute(select(noted).order_by(noted.c.noted_id)):
                lines[row.patient_id].append(row.revision)
        return dict(lines)

    def teardown(self) -> None:
        try:
            for record in self.withheld:
                self.send(record)
            for record in list(self.sent):
                envelope = Envelope.from_headers(record.headers)
                if (UUID(record.key), envelope.key_seq) in self.set_aside:
                    self.log.append(record)
            self.consumers[0] = self.consumer()
            for _ in range(200):
                if self.all_has_come():
                    break
                self.consumers[0].step(0)
                self.now += _LONG
                self.retry()
            assert self.all_has_come()
            self.every_line_is_in_order_without_hole_or_double()
            with self.unit(read_only=True) as uow:
                kept = discarded.newest(uow.session, "intake", beyond=None, limit=1000)
            assert len(kept) == self.decisions
        finally:
            for each in self.patches:
                each.stop()
            self.engine.dispose()
            self.folder.cleanup()

    def all_has_come(self) -> bool:
        return not self.parked() and {patient: self.reached(patient) for patient in PATIENTS} == self.published
