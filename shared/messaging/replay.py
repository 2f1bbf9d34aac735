"""Reads part of the log again, by the same path as live traffic: what was applied is a duplicate, what never was is
applied, in the order of each key's line. Nothing is sent again: what a handler would send left with its first effects.

It reads what lies behind the fence and nothing else (what lies ahead is live traffic's), and holds the fence while it
works on a batch, so that it and the consumer never work on one key at the same time. It reads beside the consumer's
group and moves no position but the keys'.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from shared.kernel.clock import machine_now
from shared.kernel.people import the_service
from shared.messaging import inbox, replays
from shared.messaging.backoff import Backoff
from shared.messaging.bad_release import FailureWatch, StopRules
from shared.messaging.batch import BATCH_RECORDS, Applier
from shared.messaging.inbox import Place
from shared.messaging.letter import opened
from shared.messaging.log import BrokerAway, EventLog, Reader, Received, TopicPartition
from shared.messaging.replays import Range, Replay, ReplayState, Wanted
from shared.messaging.tally import Tally
from shared.observability.logging import get_logger
from shared.store.unit_of_work import UnitOfWork

_log = get_logger(__name__)


class Replayer:
    """Runs one service's ordered replays, a batch a step. Not thread-safe."""

    def __init__(self, applier: Applier, log: EventLog, stop_rules: StopRules) -> None:
        self._applier = applier
        self._log = log
        self._stop_rules = stop_rules
        self._watch = FailureWatch(stop_rules)
        self._reader: Reader | None = None
        self._pause = Backoff()

    @property
    def busy(self) -> bool:
        """Whether a replay is under way, so that the next batch needn't wait."""
        return self._reader is not None and not self._pause.waiting

    def step(self, *, without_topics: Collection[str] = ()) -> int:
        """Go on with the oldest unfinished replay by one batch; the number of records taken, and 1 for a beginning or
        an end. Those of `without_topics` wait. Raises infrastructure errors."""
        if self._pause.waiting:
            return 0
        with self._unit(read_only=True) as uow:
            seen = replays.unfinished(uow.session, self._applier.service, without_topics=without_topics)
        if seen is None:
            self.close()
            return 0
        try:
            done = self._go_on(seen)
        except BrokerAway:
            self._pause.failed()
            return 0
        self._pause.succeeded()
        return done

    def close(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _go_on(self, seen: Replay) -> int:
        if self._reader is None:
            self._reader = self._log.reader()
        if seen.state is ReplayState.WAITING:
            self._watch = FailureWatch(self._stop_rules)
            ranges = _ranges(self._reader, seen.wanted)
            return self._keep(seen, replace(seen, state=ReplayState.RUNNING, ranges=ranges))
        left = next((partition for partition, span in sorted(seen.ranges.items()) if span.left), None)
        if left is None:
            return self._end(seen, seen, ReplayState.DONE)
        span = seen.ranges[left]
        records = self._reader.read(TopicPartition(seen.wanted.topic, left), span.next_offset, BATCH_RECORDS)
        return self._take(seen, left, [record for record in records if record.offset < span.end])

    def _take(self, seen: Replay, partition: int, records: list[Received]) -> int:
        with self._unit() as uow:
            if not replays.take(uow.session, seen):
                return 0  # another worker has gone on with it
            after, stop = self._taken(uow, seen, partition, records)
            replays.keep(uow.session, after)
        if stop:
            self._end(after, after, ReplayState.STOPPED)
        return max(1, len(records))

    def _taken(self, uow: UnitOfWork, seen: Replay, partition: int, records: list[Received]) -> tuple[Replay, bool]:
        end = seen.ranges[partition].end
        if not records:
            return replays.after(seen, partition, end, Tally()), False
        place = Place(self._applier.service, seen.wanted.topic, records[0].topic_id, partition)
        fence = inbox.hold_fence(uow.session, place)
        behind = [] if fence is None else [record for record in records if record.offset < fence.next_offset]
        if fence is None or not behind:
            return replays.after(seen, partition, end, Tally()), False
        of_key = [record for record in behind if seen.wanted.key in (None, record.key)]
        tally = self._applier.take_again(uow, place, fence, [opened(record) for record in of_key], self._watch)
        reached = of_key[tally.read].offset if tally.read < len(of_key) else behind[-1].offset + 1
        return replays.after(seen, partition, reached, tally), tally.stop

    def _end(self, seen: Replay, last: Replay, state: ReplayState) -> int:
        done = self._keep(seen, replace(last, state=state, ended_at=machine_now()))
        _log.info(
            "a replay has ended",
            service=self._applier.service,
            topic=last.wanted.topic,
            replay_id=str(last.replay_id),
            state=state.value,
            applied=last.came_to.applied,
            duplicates=last.came_to.duplicates,
        )
        return done

    def _keep(self, seen: Replay, changed: Replay) -> int:
        with self._unit() as uow:
            if not replays.take(uow.session, seen):
                return 0
            replays.keep(uow.session, changed)
        return 1

    def _unit(self, *, read_only: bool = False) -> UnitOfWork:
        service = self._applier.service
        return UnitOfWork(self._applier.engine, actor=the_service(service), correlation_id="", read_only=read_only)


def _ranges(reader: Reader, wanted: Wanted) -> Mapping[int, Range]:
    """What is wanted, as offsets of each partition as they stand now."""
    ranges = {}
    for partition in reader.partitions(wanted.topic):
        first, end = reader.bounds(partition)
        start = first
        if wanted.from_at is not None:
            start = reader.offset_at(partition, wanted.from_at)
        if wanted.to_at is not None:
            end = min(end, reader.offset_at(partition, wanted.to_at))
        start = max(start, wanted.from_offset or 0)
        end = end if wanted.to_offset is None else min(end, wanted.to_offset)
        ranges[partition.partition] = Range(max(start, first), end)
    return ranges
