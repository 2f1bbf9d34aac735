"""Applies records of one topic in one database transaction: fences, duplicates, gaps, handlers, parking.

One event's failure rolls back to its savepoint and parks its key; the others of the batch stand. A topic whose handler
takes sets is applied as one set; one that fails is undone and divided until whoever fails is found. What is wrong with
the world rather than with the event (infrastructure) leaves here as an exception and rolls back all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import Engine

from shared.contracts.registry import Undecodable
from shared.kernel.clock import Clock, machine_now, monotonic
from shared.kernel.people import the_service
from shared.messaging import inbox, parking, quarantine
from shared.messaging.bad_release import FailureWatch
from shared.messaging.counts import Counts
from shared.messaging.failures import is_infrastructure, raised_at, reason_code
from shared.messaging.inbox import Fence, Place
from shared.messaging.letter import Handlers, Letter, Opened, SetHandler
from shared.messaging.log import Received
from shared.messaging.parking import ParkedState, RetryRules, Standing
from shared.messaging.tally import Tally, count
from shared.observability import metrics
from shared.observability.logging import get_logger
from shared.store.sealing import Sealer
from shared.store.unit_of_work import UnitOfWork

BATCH_RECORDS = 500
BATCH_SECONDS = 0.2
_log = get_logger(__name__)


@dataclass(frozen=True)
class Applier:
    """Applies events for one consumer. `clock` gives the handlers' now; retries go by the machine's clock."""

    service: str
    engine: Engine
    handlers: Handlers
    clock: Clock
    sealer: Sealer
    retry: RetryRules
    random: Random = field(default_factory=Random)
    counts: Counts = field(default_factory=Counts)

    def apply(self, opened: Sequence[Opened], watch: FailureWatch, *, expected: Mapping[int, int]) -> Tally:
        """Apply from the front of `opened`, of any partitions of one topic, until the batch is full, and commit.

        `expected` says where each partition's fence must stand: raises Fenced when another consumer moved some, and
        infrastructure errors as they are.
        """
        opened = opened[:BATCH_RECORDS]
        first = opened[0][0]
        topic, here = first.topic, {record.partition for record, _ in opened}
        places = {Place(self.service, topic, first.topic_id, partition): expected[partition] for partition in here}
        with UnitOfWork(self.engine, actor=the_service(self.service), correlation_id="") as uow:
            fences = inbox.take_fences(uow.session, places)
            batch = _Batch(self, uow, topic, _keys(opened), fences, watch)
            batch.take_all(opened)
            batch.move_fences(opened)
        count(self.service, topic, batch.tally)
        self.counts.add(topic, applied=batch.tally.applied, duplicates=batch.tally.duplicates)
        return batch.tally

    def take_again(
        self, uow: UnitOfWork, place: Place, fence: Fence, opened: Sequence[Opened], watch: FailureWatch
    ) -> Tally:
        """Take records that lie behind `fence`, which the caller holds in `uow`'s transaction, as they were taken then.

        What was applied is a duplicate, what never was is applied; the fence stays where it is.
        """
        batch = _Batch(self, uow, place.topic, _keys(opened), {place: fence}, watch)
        batch.take_all(opened)
        count(self.service, place.topic, batch.tally)
        self.counts.add(place.topic, applied=batch.tally.applied)
        return batch.tally

    def takes_sets(self, topic: str) -> bool:
        return isinstance(self.handlers[topic], SetHandler)

    def run_handler(self, uow: UnitOfWork, *letters: Letter) -> None:
        """Call the topic's handler behind a savepoint; what it raises comes through after the rollback to it.

        Several letters only where the topic takes sets.
        """
        topic = letters[0].topic
        handler = self.handlers[topic]
        started = monotonic()
        with uow.savepoint():
            if isinstance(handler, SetHandler):
                handler.apply(uow, letters, self.clock.now())
            else:
                [letter] = letters
                uow.correlation_id = letter.envelope.correlation_id
                handler(uow, letter.event, self.clock.now())
        each = (monotonic() - started) / len(letters)
        seconds = metrics.HANDLER_SECONDS.labels(self.service, topic)
        for _ in letters:
            seconds.observe(each)

    def standing_after(self, error: Exception, letter: Letter, *, attempts: int) -> Standing:
        """How an event stands whose attempt number `attempts` (from 1) ended in `error`; logs it."""
        delay = self.retry.delay(attempts, self.random)
        state = ParkedState.DEAD if delay is None else ParkedState.FAILING
        _log.error(
            "an event could not be applied; its key waits",
            service=self.service,
            topic=letter.topic,
            event_id=str(letter.envelope.id),
            correlation_id=letter.envelope.correlation_id,
            site_id=letter.envelope.site_id,
            reason=reason_code(error),
            raised_at=raised_at(error),
            attempts=attempts,
            state=state.value,
        )
        return Standing(state, reason_code(error), attempts, None if delay is None else machine_now() + delay)


class _Batch:
    """One transaction over some records, and where each of their keys stands in it."""

    def __init__(
        self,
        applier: Applier,
        uow: UnitOfWork,
        topic: str,
        keys: set[str],
        fences: Mapping[Place, Fence],
        watch: FailureWatch,
    ) -> None:
        self._applier = applier
        self._uow = uow
        self._topic = topic
        self._places = {place.partition: place for place in fences}
        self._fences = {place.partition: fence for place, fence in fences.items()}
        self._watch = watch
        self.tally = Tally()
        session, consumer = uow.session, applier.service
        self._positions = inbox.lock_positions(session, consumer, topic, keys)
        self._moved: dict[str, int] = {}
        self._parked = parking.parked_keys(session, consumer, topic, keys)

    def take_all(self, opened: Sequence[Opened]) -> None:
        """Take from the front until all is dealt with, the time is over or the release must stop; write the positions
        reached."""
        until = monotonic() + BATCH_SECONDS
        ahead = [opened] if opened else []
        while ahead:
            run = ahead.pop()
            if len(run) > 1 and not self._take_together(run):
                middle = len(run) // 2
                ahead += [run[middle:], run[:middle]]
                continue
            if len(run) == 1:
                self._take(*run[0])
            if self.tally.stop:
                break
            self.tally.read += len(run)
            if monotonic() > until:
                break
        inbox.save_positions(self._uow.session, self._applier.service, self._topic, self._moved)

    def move_fences(self, opened: Sequence[Opened]) -> None:
        """Move each fence past what was dealt with."""
        after = {record.partition: record.offset + 1 for record, _ in opened[: self.tally.read]}
        if after:
            fences = {self._places[partition]: self._fences[partition] for partition in after}
            inbox.move_fences(self._uow.session, fences, {self._places[p]: offset for p, offset in after.items()})

    def _take_together(self, run: Sequence[Opened]) -> bool:
        """Deal with all of `run`, or with nothing of it: False when its letters must be applied in smaller sets."""
        letters = self._next_in_line(run)
        if letters:
            if not self._applier.takes_sets(self._topic):
                return False
            try:
                self._applier.run_handler(self._uow, *letters)
            except Exception as error:
                if is_infrastructure(error):
                    raise
                return False
            for letter in letters:
                self._count_applied(letter)
        done = {id(letter) for letter in letters}
        for record, content in run:
            if id(content) not in done:
                self._take(record, content)
        return True

    def _next_in_line(self, run: Sequence[Opened]) -> list[Letter]:
        """Those of `run` that are to be applied, if each of them can be; the others reach no handler."""
        letters: list[Letter] = []
        reached: dict[str, int] = {}
        waiting = set(self._parked)
        for record, letter in run:
            if isinstance(letter, Undecodable) or letter.key in waiting:
                continue
            last = reached[letter.key] if letter.key in reached else self._last_of(record, letter)
            if letter.seq == last + 1:
                letters.append(letter)
                last = letter.seq
            elif letter.seq > last:
                waiting.add(letter.key)  # a gap, which parks it and all after it
            reached[letter.key] = last
        return letters

    def _last_of(self, record: Received, letter: Letter) -> int:
        last = self._positions.get(letter.key)
        if last is not None:
            return last
        # older records were gone when reading began: a key's first event may have any number
        return letter.seq - 1 if self._fences[record.partition].first_offset > 0 else 0

    def _take(self, record: Received, letter: Letter | Undecodable) -> None:
        if isinstance(letter, Undecodable):
            self._quarantine(record, letter)
            return
        last = self._last_of(record, letter)
        if letter.seq <= last:
            self.tally.duplicates += 1
        elif letter.key in self._parked:
            # tried at once if it is the one that the line is waiting for
            at = machine_now() if letter.seq == last + 1 else None
            self._park(record, letter, Standing(ParkedState.BEHIND, "behind", 0, at), last)
        elif letter.seq > last + 1:
            self.tally.gaps += 1
            self._park(record, letter, Standing(ParkedState.GAP, "gap", 0, None), last)
        else:
            self._handle(record, letter, last)

    def _handle(self, record: Received, letter: Letter, last: int) -> None:
        try:
            self._applier.run_handler(self._uow, letter)
        except Exception as error:
            if is_infrastructure(error):
                raise
            self._watch.failed(letter.key, monotonic())
            if self._watch.says_stop(monotonic()):
                self.tally.stop = True
                return
            self._park(record, letter, self._applier.standing_after(error, letter, attempts=1), last)
        else:
            self._count_applied(letter)

    def _count_applied(self, letter: Letter) -> None:
        self._watch.succeeded(monotonic())
        self._moved[letter.key] = self._positions[letter.key] = letter.seq
        self.tally.applied += 1

    def _park(self, record: Received, letter: Letter, standing: Standing, last: int) -> None:
        added = parking.park(
            self._uow.session,
            self._places[record.partition],
            record,
            letter.key,
            letter.seq,
            standing,
            parked_at=machine_now(),
        )
        self._parked.add(letter.key)
        if letter.key not in self._positions:
            # the row that a retry of this line locks must exist
            self._moved[letter.key] = self._positions[letter.key] = last
        if added:
            self.tally.parked += 1
        else:
            self.tally.duplicates += 1

    def _quarantine(self, record: Received, why: Undecodable) -> None:
        _log.error(
            "a record is no readable event; it is sealed in quarantine",
            service=self._applier.service,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
        )
        quarantine.put_in_quarantine(
            self._uow.session,
            self._places[record.partition],
            record,
            reason=str(why),
            sealer=self._applier.sealer,
            at=machine_now(),
        )
        self.tally.quarantined += 1


def _keys(opened: Sequence[Opened]) -> set[str]:
    return {letter.key for _, letter in opened if isinstance(letter, Letter)}
