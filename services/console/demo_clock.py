"""Moves the demo's one clock forward as the workers would have lived it: from one due instant to the next."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from threading import Lock

from shared.messaging.worker import Worker

from shared.kernel.clock import DemoClock
from shared.observability.logging import get_logger

_log = get_logger(__name__)
_MOST_ROUNDS = 400


class ClockMover:
    """Holds all workers of the house while it moves the clock, so that nothing runs at an instant it wasn't due."""

    def __init__(self, clock: DemoClock, workers: Sequence[Worker]) -> None:
        self._clock = clock
        self._workers = tuple(workers)
        self._one_at_a_time = Lock()

    def move_to(self, target: datetime) -> datetime:
        """Move to `target` and answer once the work due by then has run and its events are applied.

        Parked events are not waited for. An instant that lies behind leaves the clock where it is.
        """
        with self._one_at_a_time, ExitStack() as held:
            for worker in self._workers:
                held.enter_context(worker.hold())
            self._settle()
            tried: datetime | None = None
            while (due := self._next_due()) is not None and due <= target:
                here = self._clock.now()
                if due <= here and due == tried:
                    break  # a job that can't get past its due instant backs off on its own; don't wait for it
                tried = due
                self._clock.move_to(max(due, here))
                self._settle()
            now = self._clock.move_to(target)
            self._settle()
            return max(now, target)

    def _next_due(self) -> datetime | None:
        return min((due for worker in self._workers if (due := worker.next_due()) is not None), default=None)

    def _settle(self) -> None:
        for _ in range(_MOST_ROUNDS):
            moved = [worker.step() for worker in self._workers]
            if not any(moved) and all(worker.settled() for worker in self._workers):
                return
        _log.warning("workers did not come to rest while the clock moved")
