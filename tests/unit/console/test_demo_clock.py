"""Moving the demo's clock: due instant by due instant, as the workers would have lived it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.console.demo_clock import ClockMover
from shared.kernel.clock import DemoClock
from shared.messaging.signal import outbox_written

_START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_HOUR = timedelta(hours=1)


class _Worker:
    """Has work at the `dues`; `tells` says at which of them it publishes something."""

    def __init__(self, clock: DemoClock, *dues: datetime, tells: datetime | None = None, stuck: bool = False) -> None:
        self.clock, self.dues, self.tells, self.stuck = clock, list(dues), tells, stuck
        self.worked: list[datetime] = []
        self.steps = 0
        self.held = False
        self.unread = 0

    @contextmanager
    def hold(self) -> Iterator[None]:
        self.held = True
        yield
        self.held = False

    def step(self) -> bool:
        assert self.held, "its own loops must be kept out"
        self.steps += 1
        self.unread = 0
        while not self.stuck and self.dues and self.dues[0] <= self.clock.now():
            due = self.dues.pop(0)
            self.worked.append(self.clock.now())
            if due == self.tells:
                outbox_written()
        return True

    def run_due_jobs(self) -> int:
        return int(self.step())

    def settled(self) -> bool:
        return self.unread == 0 and (self.stuck or not self.dues or self.dues[0] > self.clock.now())

    def next_due(self) -> datetime | None:
        return self.dues[0] if self.dues else None


@pytest.fixture
def clock(tmp_path: Path) -> DemoClock:
    made = DemoClock(tmp_path / "clock.json")
    made.start(_START, speed=0)
    return made


def _move(clock: DemoClock, to: datetime, *workers: _Worker) -> datetime:
    return ClockMover(clock, workers).move_to(to)  # type: ignore[arg-type]


def test_each_thing_happens_at_the_instant_it_was_due(clock: DemoClock) -> None:
    one = _Worker(clock, _START + _HOUR, _START + 3 * _HOUR)
    other = _Worker(clock, _START + 2 * _HOUR)

    assert _move(clock, _START + 4 * _HOUR, one, other) == _START + 4 * _HOUR
    assert one.worked == [_START + _HOUR, _START + 3 * _HOUR]
    assert other.worked == [_START + 2 * _HOUR]
    assert clock.now() == _START + 4 * _HOUR


def test_what_is_due_at_the_target_itself_is_done_and_nothing_later(clock: DemoClock) -> None:
    worker = _Worker(clock, _START + _HOUR, _START + _HOUR + timedelta(microseconds=1))
    _move(clock, _START + _HOUR, worker)

    assert worker.worked == [_START + _HOUR]


def test_a_clock_never_goes_backwards(clock: DemoClock) -> None:
    assert _move(clock, _START - _HOUR, _Worker(clock)) >= _START
    assert clock.now() == _START


def test_only_the_worker_that_is_due_works_while_nothing_is_published(clock: DemoClock) -> None:
    due, idle = _Worker(clock, _START + _HOUR), _Worker(clock)
    _move(clock, _START + 2 * _HOUR, due, idle)

    assert (due.steps, idle.steps) == (1, 0)


def test_what_was_published_reaches_the_others_before_the_clock_goes_on(clock: DemoClock) -> None:
    reader = _Worker(clock)
    read_at: list[datetime] = []

    class Reader(_Worker):
        def step(self) -> bool:
            read_at.append(self.clock.now())
            return super().step()

    reader = Reader(clock)

    class Teller(_Worker):
        def step(self) -> bool:
            before = len(self.worked)
            super().step()
            reader.unread += len(self.worked) - before
            return True

    teller = Teller(clock, _START + _HOUR, tells=_START + _HOUR)
    _move(clock, _START + 5 * _HOUR, teller, reader)

    assert read_at == [_START + _HOUR]


def test_a_job_that_cannot_get_past_its_due_instant_does_not_stop_the_clock(clock: DemoClock) -> None:
    stuck = _Worker(clock, _START + _HOUR, stuck=True)
    other = _Worker(clock, _START + 2 * _HOUR)

    assert _move(clock, _START + 3 * _HOUR, stuck, other) == _START + 3 * _HOUR
    assert other.worked == [_START + 2 * _HOUR]
