"""Moves the demo's one clock forward as the workers would have lived it: from one due instant to the next."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from threading import Lock

from shared.kernel.clock import DemoClock
from shared.kernel.errors import Unavailable
from shared.messaging.log import BrokerAway
from shared.messaging.signal import wait_for_outbox
from shared.messaging.worker import Worker
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

        Parked events are not waited for. An instant that lies behind leaves the clock where it is. Raises Unavailable.
        """
        try:
            return self._move_to(target)
        except BrokerAway as away:
            raise Unavailable("The event log is away; the clock stands where its last fact arrived.") from away

    def _move_to(self, target: datetime) -> datetime:
        with self._one_at_a_time, ExitStack() as held:
            for worker in self._workers:
                held.enter_context(worker.hold())
            self._settle()
            dues = {worker: worker.next_due() for worker in self._workers}
            tried: set[tuple[Worker, datetime]] = set()
            # a job that can't get past its due instant backs off on its own; it isn't tried twice
            while upcoming := [
                (due, worker)
                for worker, due in dues.items()
                if due is not None and due <= target and (worker, due) not in tried
            ]:
                first = min(due for due, _ in upcoming)
                self._clock.move_to(first)
                tried |= {(worker, due) for due, worker in upcoming if due == first}
                self._work(dues, [worker for due, worker in upcoming if due == first])
            now = self._clock.move_to(target)
            return max(now, target)

    def _work(self, dues: dict[Worker, datetime | None], due: list[Worker]) -> None:
        """Let the workers that are `due` work; all of them when something was published, which others may wait for."""
        published = _published()
        for worker in due:
            worker.run_due_jobs()
        if _published() != published:
            self._settle()
            due = list(self._workers)
        for worker in due:
            dues[worker] = worker.next_due()

    def _settle(self) -> None:
        for _ in range(_MOST_ROUNDS):
            busy = [worker for worker in self._workers if not worker.settled()]
            if not busy:
                return
            for worker in busy:
                worker.step()
        _log.warning("workers did not come to rest while the clock moved")


def _published() -> int:
    """Grows with every commit of this process that leaves something to publish."""
    return wait_for_outbox(-1, 0)
