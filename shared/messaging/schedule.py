"""Runs a service's jobs when they fall due; one that fails backs off and stops none of the others."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from shared.kernel.clock import Clock
from shared.messaging.backoff import Backoff
from shared.messaging.failures import raised_at
from shared.messaging.jobs import Job, due_at, run_once
from shared.observability import metrics
from shared.observability.logging import get_logger

_RUNS_A_PASS = 50
_RUNS_WITHOUT_PROGRESS = 500
_log = get_logger(__name__)


class JobStuck(Exception):
    """A job ran again and again and what was due never moved."""


class Schedule:
    """Not thread-safe. Jobs in back-off are left out of what is due: waiting for them would be waiting for a person."""

    def __init__(self, service: str, engine: Engine, jobs: Sequence[Job], clock: Clock) -> None:
        self._service = service
        self._engine = engine
        self._jobs = tuple(jobs)
        self._clock = clock
        self._backoffs = {job.name: Backoff(first_seconds=1.0, longest_seconds=300.0) for job in jobs}
        self._same: dict[str, tuple[datetime, int]] = {}

    def step(self) -> int:
        """Run what is due now; the number of runs."""
        return sum(self._run(job) for job in self._able())

    def next_due(self) -> datetime | None:
        """The earliest instant with work, by the clinic's clock; may lie in the past. Raises what the queries raise."""
        dues = [due_at(job, self._service, self._engine) for job in self._able()]
        return min((due for due in dues if due is not None), default=None)

    def settled(self) -> bool:
        """Whether nothing is due now."""
        due = self.next_due()
        return due is None or due > self._clock.now()

    def _able(self) -> list[Job]:
        return [job for job in self._jobs if not self._backoffs[job.name].waiting]

    def _run(self, job: Job) -> int:
        runs = 0
        try:
            while runs < _RUNS_A_PASS:
                now = self._clock.now()
                due = due_at(job, self._service, self._engine)
                if due is None or due > now:
                    break
                done = run_once(job, self._service, self._engine, now=now)
                if done is None:
                    break
                runs += 1
                self._watch_progress(job, done)
        except Exception as error:
            self._backoffs[job.name].failed()
            metrics.JOB_FAILURES.labels(self._service, job.name).inc()
            _log.error(
                "a job failed",
                service=self._service,
                job=job.name,
                reason=type(error).__name__,
                raised_at=raised_at(error),
            )
            return runs
        self._backoffs[job.name].succeeded()
        if runs:
            metrics.JOB_RUNS.labels(self._service, job.name).inc(runs)
        return runs

    def _watch_progress(self, job: Job, due: datetime) -> None:
        before, times = self._same.get(job.name, (due, 0))
        times = times + 1 if before == due else 0
        self._same[job.name] = (due, times)
        if times >= _RUNS_WITHOUT_PROGRESS:
            self._same.pop(job.name)
            raise JobStuck(job.name)
