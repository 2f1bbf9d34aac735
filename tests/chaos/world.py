"""Four services on real stores and a real log, their child processes, and what becomes of their facts."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from shared.kernel.clock import monotonic
from shared.messaging.log import Record, open_log
from shared.messaging.provision import provision
from shared.store.engine import open_engine
from tests.chaos import auditor, child
from tests.chaos.auditor import Audit
from tests.chaos.board import Board
from tests.chaos.child import Errand
from tests.chaos.ledger import SERVICES, create_tables

PATIENTS = 200
_MEMORY = Path("/dev/shm")
STALLED_SECONDS = 60.0
# the topic on which somebody writes what is no event
NOISY = "session-completed"


class TrialFailed(AssertionError):
    """Something that is promised did not hold; the message says what."""


class Child:
    """One process. `said` is what it told before it ended, whatever the end was."""

    def __init__(self, role: Callable[[Errand], None], errand: Errand) -> None:
        self.role, self.errand = role, errand
        self.process = _forkserver().Process(target=role, args=(errand,), daemon=True)
        self.process.start()
        self.pid: int = self.process.pid  # type: ignore[assignment]

    @property
    def alive(self) -> bool:
        return self.process.is_alive()

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.process.join(10)

    def send(self, number: int) -> None:
        if self.alive:
            os.kill(self.pid, number)

    def said(self) -> list[str]:
        files = (self.errand.folder / "said").glob(f"{self.pid}-*")
        return [line for file in files for line in file.read_text().splitlines()]

    def wait_until_said(self, line: str, seconds: float = 30.0) -> None:
        wait_for(lambda: line in self.said(), f"{self.errand.service} said {line!r}", seconds)

    def leave(self, seconds: float = 25.0) -> float:
        """SIGTERM; the seconds it took to leave by itself. Fails when it didn't, or not well."""
        began = monotonic()
        self.send(signal.SIGTERM)
        self.process.join(seconds)
        took = monotonic() - began
        if self.alive:
            self.send(signal.SIGUSR1)
            raise TrialFailed(f"{self.errand.service} did not leave within {seconds:.0f} s")
        if self.process.exitcode != 0 or "left" not in self.said():
            raise TrialFailed(f"{self.errand.service} left badly: {self.process.exitcode}")
        return took


class World:
    """`new_store` makes a database of that name and says its URL; `events` is the address of an empty log."""

    def __init__(self, name: str, folder: Path, new_store: Callable[[str], str], events: str, *, seed: int) -> None:
        self.name, self.folder, self.events = name, folder, events
        self._new_store = new_store
        self.leave_off_at = float("inf")  # monotonic; what counts in thousands ends there, and says so
        self.stores = {service: new_store(service) for service in SERVICES}
        self.random = Random(seed)
        self.board = Board(folder / "board")
        self.patients = tuple(UUID(int=self.random.getrandbits(128), version=4) for _ in range(PATIENTS))
        self.children: list[Child] = []
        self.unreadable = 0
        for folder_name in ("said", "done", "logs"):
            (folder / folder_name).mkdir(exist_ok=True)
        for url in self.stores.values():
            engine = open_engine(url, pool_size=1)
            create_tables(engine)
            engine.dispose()
        log = open_log(events, folder)
        if not provision(log, wait_seconds=60):
            raise TrialFailed("the event log is not there")
        log.close()

    @property
    def is_embedded(self) -> bool:
        return self.events == "embedded"

    def errand(self, service: str, **more: Any) -> Errand:
        errand = Errand(service, self.stores[service], self.events, self.folder, patients=self.patients)
        # a trial can't wait ten seconds for the group after each of a thousand kills
        return replace(errand, **{"session_ms": None if self.is_embedded else 2000} | more)

    def writer(self, **more: Any) -> Child:
        return self._started(Child(child.write, self.errand("intake", seed=self.random.getrandbits(32), **more)))

    def worker(self, service: str, **more: Any) -> Child:
        return self._started(Child(child.work, self.errand(service, **more)))

    def workers(self, **more: Any) -> list[Child]:
        return [self.worker(service, **more) for service in SERVICES]

    def migration(self, service: str, store: str, **more: Any) -> Child:
        return self._started(Child(child.migrate, replace(self.errand(service, **more), database=store)))

    def empty_store(self) -> str:
        """URL of another database, deleted with the world."""
        return self._new_store(f"more_{uuid4().hex[:8]}")

    def again(self, dead: Child) -> Child:
        """Another process with the same errand, without the crash that ended the first."""
        self.children.remove(dead)
        return self._started(Child(dead.role, replace(dead.errand, crash=None)))

    def allow(self, sessions: int) -> None:
        self.board.write("allowed", self.board.read("allowed") + sessions)

    def write_unreadable(self, number: int) -> None:
        """Put so many records among the events that are none."""
        log = open_log(self.events, self.folder)
        producer = log.producer()
        noise = [Record(NOISY, str(patient), {}, b"no event") for patient in self.random.sample(self.patients, number)]
        if any(producer.publish(noise)):
            raise TrialFailed("the log did not take what is no event")
        self.unreadable += number
        producer.close()
        log.close()

    def promised_sessions(self) -> int:
        return auditor._one(self.stores["intake"], "SELECT coalesce(sum(n), 0) FROM promised_count")

    def settle(self, seconds: float = STALLED_SECONDS, *, look: Callable[[], None] = lambda: None) -> None:
        """Wait until all that may be promised is, and applied everywhere; fails after so long without any progress."""
        moved_at, last, pause = monotonic(), (-1, -1), 0.05
        while not (self.promised_sessions() >= self.board.read("allowed") and auditor.at_rest(self.stores)):
            look()
            self.mourn()
            here = auditor.progress(self.stores)
            if here != last:
                moved_at, last = monotonic(), here
            if monotonic() - moved_at > seconds:
                raise TrialFailed(f"nothing moved for {seconds:.0f} s: {self.audit()}")
            time.sleep(pause)
            pause = min(pause * 1.3, 0.5)

    def mourn(self) -> None:
        """Fails when a child ended that nobody killed."""
        for lost in self.children:
            if not lost.alive and lost.process.exitcode not in (0, -signal.SIGKILL):
                raise TrialFailed(f"a {lost.errand.service} process died by itself: {lost.process.exitcode}")

    def audit(self) -> Audit:
        return auditor.audit(self.stores, self.folder / "done")

    def audited(self) -> Audit:
        """Once all has come to rest: fails when anything is lost, doubled, out of order, or left lying."""
        found = self.audit()
        if found.faults:
            raise TrialFailed(f"{self.name}: {found.faults} in {found.promised} events")
        return found

    def close(self) -> None:
        for each in self.children:
            each.send(signal.SIGCONT)
            each.kill()
        self.board.close()

    def _started(self, started: Child) -> Child:
        self.children.append(started)
        return started


@contextmanager
def embedded_world(*, seed: int) -> Iterator[World]:
    """On SQLite and the embedded log, in a folder that is deleted afterwards: in memory where the machine has such
    folders, since it is processes that die here, and what they have written outlives them there as well."""
    folder = Path(tempfile.mkdtemp(prefix="afterglow-chaos-", dir=_MEMORY if _MEMORY.is_dir() else None))
    world = World("embedded", folder, lambda name: f"sqlite:///{folder}/{name}.db", "embedded", seed=seed)
    try:
        yield world
    finally:
        world.close()
        _keep_or_delete(folder)


@contextmanager
def server_world(postgres: str, kafka: str, *, seed: int) -> Iterator[World]:
    """On a PostgreSQL server and a Kafka broker: databases and a topic prefix of its own."""
    folder, run = Path(tempfile.mkdtemp(prefix="afterglow-chaos-")), uuid4().hex[:8]
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    made: list[str] = []

    def new_store(service: str) -> str:
        made.append(f"{service}_{run}")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {made[-1]}"))
        return make_url(postgres).set(database=made[-1]).render_as_string(hide_password=False)

    world = World("servers", folder, new_store, f"{kafka}/chaos-{run}", seed=seed)
    try:
        yield world
    finally:
        world.close()
        with admin.connect() as connection:
            for name in made:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
        _keep_or_delete(folder)


def wait_for(happened: Callable[[], bool], what: str, seconds: float = 60.0) -> float:
    """Seconds waited; fails when it didn't happen in time."""
    began = monotonic()
    while not happened():
        if monotonic() - began > seconds:
            raise TrialFailed(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.02)
    return monotonic() - began


@cache
def _forkserver() -> ForkServerContext:
    """Children are forked from a process that has imported everything and opened nothing."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.chaos.child", "tests.chaos.world"])
    return context


def _keep_or_delete(folder: Path) -> None:
    if "AFTERGLOW_CHAOS_KEEP" not in os.environ:
        shutil.rmtree(folder, ignore_errors=True)
