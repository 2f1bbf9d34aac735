"""A service's worker: relays its outbox, consumes its topics, runs its jobs.

Three loops in production (`run`), or one pass at a time (`step`) for tests and for the demo's clock, which must know
when everything due has happened. Each loop has a lock of its own; whoever holds the worker has all three.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Event as Flag
from threading import Lock, RLock, Thread

from sqlalchemy import Engine

from shared.kernel.clock import Clock, machine_now, monotonic
from shared.messaging.backoff import Backoff
from shared.messaging.bad_release import StopRules
from shared.messaging.batch import Applier
from shared.messaging.consumer import Consumer
from shared.messaging.failures import is_infrastructure, raised_at
from shared.messaging.jobs import Job
from shared.messaging.lag import Lag
from shared.messaging.letter import Handlers
from shared.messaging.log import Away, BrokerAway, EventLog
from shared.messaging.parking import RetryRules
from shared.messaging.readiness import Check, check_worker
from shared.messaging.readings import MEASURE_EVERY_SECONDS
from shared.messaging.relay import BATCH_ROWS, Relay
from shared.messaging.replay import Replayer
from shared.messaging.retry import retry_parked
from shared.messaging.schedule import Schedule
from shared.messaging.signal import wait_for_outbox
from shared.messaging.survey import Survey
from shared.messaging.wakeup import OutboxListener
from shared.observability import metrics
from shared.observability.logging import get_logger
from shared.store.sealing import Sealer

RELAY_POLL_SECONDS = 0.25
CONSUME_POLL_SECONDS = 0.1
JOB_POLL_SECONDS = 0.5
JOB_PAUSE_SECONDS = 0.2
RETRY_EVERY_SECONDS = 0.5
LEAVE_SECONDS = 20.0
_log = get_logger(__name__)


class Worker:
    """Built by a service's wiring; connects to nothing until its first pass. `step` and `hold` are thread-safe."""

    def __init__(
        self,
        service: str,
        engine: Engine,
        log: EventLog,
        handlers: Handlers,
        jobs: Sequence[Job],
        clock: Clock,
        sealer: Sealer,
        *,
        retry_rules: RetryRules | None = None,
        stop_rules: StopRules | None = None,
    ) -> None:
        self.service = service
        self._engine = engine
        self._log = log
        self._clock = clock
        self._applier = Applier(service, engine, handlers, clock, sealer, retry_rules or RetryRules())
        self._relay = Relay(service, engine, log)
        self._consumer = Consumer(self._applier, log, handlers, stop_rules=stop_rules or StopRules())
        self._replayer = Replayer(self._applier, log, stop_rules or StopRules())
        self._survey = Survey(service, engine, handlers, self._applier.counts)
        self._schedule = Schedule(service, engine, jobs, clock)
        self._relay_lock, self._consume_lock, self._job_lock = RLock(), RLock(), RLock()
        self._holders = 0
        self._holders_lock = Lock()
        self._free = Flag()
        self._free.set()
        self._job_wanted = Flag()
        self._retried_at = self._measured_at = float("-inf")
        self._mends = False
        self._published_at: datetime | None = None
        self._loop_failures: dict[str, str] = {}

    def step(self) -> bool:
        """One pass of everything; whether anything was done. Raises when the database or the log is away."""
        with self.hold():
            relayed = self._publish()
            consumed = self._consumer.step(self._log.step_patience_seconds)
            retried = self._mend()
            ran = self._schedule.step() if self._relay.leads else 0
            # what this pass wrote goes out in this pass
            relayed += self._publish()
        return bool(relayed or consumed or retried or ran)

    def run_due_jobs(self) -> int:
        """Only the jobs that are due; the number of runs. What they publish goes out with the next pass."""
        with self.hold():
            return self._schedule.step() if self._relay.leads else 0

    def settled(self) -> bool:
        """Whether all that could be done by now is done: nothing in the outbox but blocked keys, everything read,
        no job due. Parked events aren't waited for, nor are jobs that fail. Raises when the database or log is away."""
        with self.hold():
            if not self._relay.settled() or not self._schedule.settled():
                return False
            behind = self._consumer.lag().behind
            return not any(count for partition, count in behind.items() if partition not in self._consumer.stopped)

    def next_due(self) -> datetime | None:
        """The earliest instant at which a job has work, by the clinic's clock; may lie in the past."""
        with self.hold():
            return self._schedule.next_due()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep the worker's loops out, so that only this thread steps it. May be nested."""
        with self._holders_lock:
            self._holders += 1
            self._free.clear()
            if self._holders == 1:
                self._log.wake()  # the consumer sits on its lock for as long as its poll waits
        try:
            with self._relay_lock, self._consume_lock, self._job_lock:
                yield
        finally:
            with self._holders_lock:
                self._holders -= 1
                if self._holders == 0:
                    self._free.set()

    def run(self, stop: Flag) -> None:
        """Work until `stop` is set, then finish the batch in hand and leave; well within 25 s."""
        listener = OutboxListener(self._engine) if self._engine.dialect.name == "postgresql" else None
        threads = [
            Thread(target=self._relay_loop, args=(stop,), name=f"{self.service}-relay", daemon=True),
            Thread(target=self._job_loop, args=(stop,), name=f"{self.service}-jobs", daemon=True),
        ]
        if listener is not None:
            threads.append(Thread(target=listener.run, args=(stop,), name=f"{self.service}-listen", daemon=True))
        for thread in threads:
            thread.start()
        self._consume_loop(stop)
        leave_by = monotonic() + LEAVE_SECONDS
        for thread in threads:
            thread.join(max(0.0, leave_by - monotonic()))
        stuck = [thread.name for thread in threads if thread.is_alive()]
        if stuck:
            # its lock can't be had, nor waited for: what it has in hand ends with the process, uncommitted
            _log.warning("left without waiting any longer", service=self.service, loops=stuck)
            return
        self.close()

    def look_round(self) -> None:
        """Measure, and let the watchdog look. That the log is away is a measure too; a database that is away isn't."""
        try:
            lag: Lag | Away
            try:
                lag = self._consumer.lag()
                self._consumer.watch(lag)
            except BrokerAway as away:
                lag = away.why
            self._survey.measure(self._relay, self._consumer, lag, published_at=self._published_at)
        except Exception as error:
            if not is_infrastructure(error):
                raise

    def readiness(self) -> list[Check]:
        """What `/readyz` and doctor report of this worker; never raises."""
        return check_worker(self._engine, self._log, self._relay, self._consumer, self._loop_failures)

    def close(self) -> None:
        """Let go of the log and the leader's lock; safe to repeat."""
        with self.hold():
            for let_go in (self._consumer.close, self._replayer.close, self._relay.close, self._survey.leave):
                try:
                    let_go()
                except Exception as error:
                    _log.warning("leaving was not clean", service=self.service, reason=type(error).__name__)

    def _relay_loop(self, stop: Flag) -> None:
        backoff = Backoff()

        def relay() -> int:
            with self._relay_lock:
                return self._publish()

        while not stop.is_set():
            self._free.wait()
            seen = wait_for_outbox(-1, 0)
            # a batch that was not full took all there was; what came meanwhile ends the wait at once
            if self._survive("relay", relay, backoff, stop) < BATCH_ROWS:
                wait_for_outbox(seen, RELAY_POLL_SECONDS)

    def _consume_loop(self, stop: Flag) -> None:
        backoff = Backoff()

        def consume() -> int:
            with self._consume_lock:
                done = self._consumer.step(0.0 if self._mends else CONSUME_POLL_SECONDS, stopping=stop.is_set)
                if (began := monotonic()) - self._retried_at >= RETRY_EVERY_SECONDS:
                    done += self._mend()
                    if not self._mends:  # what gave way to others is gone on with at once
                        self._retried_at = began
                elif self._replayer.busy:
                    done += self._replayer.step(without_topics=self._consumer.stopped_topics)
                if monotonic() - self._measured_at >= MEASURE_EVERY_SECONDS:
                    self._measured_at = monotonic()
                    self.look_round()
                return done

        while not stop.is_set():
            self._free.wait()
            if self._survive("consume", consume, backoff, stop):
                self._job_wanted.set()
            elif not self._consumer.reads:
                stop.wait(RETRY_EVERY_SECONDS)

    def _job_loop(self, stop: Flag) -> None:
        backoff = Backoff()

        def run_jobs() -> int:
            with self._job_lock:
                return self._schedule.step() if self._relay.leads else 0

        while not stop.is_set():
            self._free.wait()
            self._survive("jobs", run_jobs, backoff, stop)
            self._job_wanted.wait(JOB_POLL_SECONDS)
            # a burst of events asks for one look at what is due, not for one each
            stop.wait(JOB_PAUSE_SECONDS)
            self._job_wanted.clear()

    def _survive(self, loop: str, act: Callable[[], int], backoff: Backoff, stop: Flag) -> int:
        """Run one pass; a failure is told (log, metric, readiness) and the loop goes on after a pause."""
        try:
            done = act()
        except Exception as error:
            if self._loop_failures.get(loop) != type(error).__name__:
                _log.error(
                    "a worker's pass failed",
                    service=self.service,
                    loop=loop,
                    reason=type(error).__name__,
                    raised_at=raised_at(error),
                )
            self._loop_failures[loop] = type(error).__name__
            metrics.LOOP_FAILURES.labels(self.service, loop).inc()
            backoff.failed()
            while backoff.waiting and not stop.is_set():
                stop.wait(0.1)
            return 0
        self._loop_failures.pop(loop, None)
        backoff.succeeded()
        return done

    def _mend(self) -> int:
        """Try parked lines that are due, and go on with a replay that somebody has ordered."""
        stopped = self._consumer.stopped_topics
        applied, self._mends = retry_parked(self._applier, without_topics=stopped)
        return applied + self._replayer.step(without_topics=stopped)

    def _publish(self) -> int:
        done = self._relay.step()
        if done:
            self._published_at = machine_now()
        return done
