"""What a child process of a trial does: real product code until it is killed, stopped or told to leave."""

import faulthandler
import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event as Flag
from uuid import UUID, uuid4

from sqlalchemy import Engine, select
from sqlalchemy.sql import func

from shared.kernel.clock import SystemClock
from shared.kernel.people import the_service
from shared.messaging import inbox, leader
from shared.messaging.bad_release import StopRules
from shared.messaging.failures import is_infrastructure
from shared.messaging.kafka import subscription
from shared.messaging.log import open_log
from shared.messaging.parking import RetryRules
from shared.messaging.worker import Worker
from shared.observability.logging import configure_logging
from shared.store.engine import open_engine
from shared.store.migrate import upgrade
from shared.store.sealing import Sealer
from shared.store.unit_of_work import UnitOfWork
from tests.chaos import disorders
from tests.chaos.board import Board
from tests.chaos.crash_points import Crash, install
from tests.chaos.ledger import Ledger, promise_sessions, promised_count

_SEALER = Sealer({"chaos": b"\x07" * 32}, "chaos")


@dataclass(frozen=True)
class Errand:
    """What a child is told. `rows` is how many sessions a writer promises in one transaction, at most."""

    service: str
    database: str
    events: str
    folder: Path
    patients: tuple[UUID, ...] = ()
    seed: int = 0
    rows: int = 10
    pause_seconds: float = 0.0
    pool: int = 5
    stumbles: int = 0
    session_ms: int | None = None
    crash: Crash | None = None
    most_bytes: int | None = None


class Told:
    """A file of this process that survives its end; each line in one write."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._file = os.open(folder / f"{os.getpid()}-{uuid4().hex[:6]}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __call__(self, *lines: str) -> None:
        os.write(self._file, ("\n".join(lines) + "\n").encode())


def write(errand: Errand) -> None:
    """Promise sessions as fast as the board allows, until told to leave; a refusal is told, and tried anew."""
    stop, say = _begin(errand)
    done = Told(errand.folder / "done")
    board, random = Board(errand.folder / "board"), Random(errand.seed + os.getpid())
    engine = open_engine(errand.database, pool_size=errand.pool)
    disorders.hog_the_pool(board, engine)
    while not stop.is_set():
        if board.read("allowed") <= _promised(engine, say):
            stop.wait(0.05)
            continue
        for _ in range(10):
            patients = random.sample(errand.patients, random.randint(1, errand.rows))
            facts = [uuid4() for _ in patients]
            if stop.is_set() or not _committed(engine, patients, facts, say):
                break
            done(*map(str, facts))
            stop.wait(errand.pause_seconds)
    say("left")


def work(errand: Errand) -> None:
    """Run the service's worker as `python -m services.<name> work` does, until SIGTERM."""
    stop, say = _begin(errand)
    _tell_of_fences(say)
    engine = open_engine(errand.database, pool_size=errand.pool)
    disorders.hog_the_pool(Board(errand.folder / "board"), engine)
    log = open_log(errand.events, errand.folder)
    # the shape of the product's schedule, in the time that a trial has
    retry = RetryRules(first=RetryRules().first / 20, longest=RetryRules().first)
    handlers = Ledger(errand.service, errand.stumbles, errand.folder / f"tried-{errand.service}").handlers()
    # handlers stumble on purpose: a slow machine's backlog of them looks like a bad release, which stops for good
    calm = StopRules(keys=10**6, keys_in_a_row=10**6)
    worker = Worker(
        errand.service, engine, log, handlers, (), SystemClock(), _SEALER, retry_rules=retry, stop_rules=calm
    )
    worker.run(stop)
    worker.close()
    log.close()
    engine.dispose()
    say("left")


def migrate(errand: Errand) -> None:
    _, say = _begin(errand)
    upgrade(open_engine(errand.database), errand.service)
    say("left")


def _begin(errand: Errand) -> tuple[Flag, Callable[..., None]]:
    log_file = errand.folder / "logs"
    log_file.mkdir(exist_ok=True)
    handler = logging.FileHandler(log_file / f"{errand.service}-{os.getpid()}.log", delay=True)
    configure_logging(level="INFO", to=handler)
    logging.getLogger("kafka").setLevel("INFO" if "AFTERGLOW_CHAOS_KEEP" in os.environ else "CRITICAL")
    faulthandler.register(signal.SIGUSR1, file=open(log_file / f"stacks-{os.getpid()}.txt", "w"))  # noqa: SIM115
    stop = Flag()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    say = Told(errand.folder / "said")
    if errand.session_ms is not None:
        subscription.SESSION_MS = errand.session_ms
        leader.IDLE_SECONDS = 4 * errand.session_ms / 1000
    disorders.install(Board(errand.folder / "board"))
    if errand.crash is not None:
        install(errand.crash, say)
    if errand.most_bytes is not None:
        disorders.limit_files(errand.most_bytes)
    say("began")
    return stop, say


def _promised(engine: Engine, say: Callable[..., None]) -> int:
    try:
        with _unit(engine, read_only=True) as uow:
            return uow.session.scalar(select(func.coalesce(func.sum(promised_count.c.n), 0))) or 0
    except Exception as error:
        return _refused(error, say)


def _committed(engine: Engine, patients: list[UUID], facts: list[UUID], say: Callable[..., None]) -> bool:
    try:
        with _unit(engine) as uow:
            promise_sessions(uow, patients, facts)
    except Exception as error:
        _refused(error, say)
        return False
    return True


def _refused(error: Exception, say: Callable[..., None]) -> int:
    if not is_infrastructure(error):
        raise error
    say(f"refused {type(error).__name__}")
    time.sleep(0.1)
    return 2**62


def _unit(engine: Engine, *, read_only: bool = False) -> UnitOfWork:
    return UnitOfWork(engine, actor=the_service("intake"), correlation_id="chaos", read_only=read_only)


def _tell_of_fences(say: Callable[..., None]) -> None:
    taken = inbox.take_fences

    def take_fences(*args: object, **kwargs: object) -> object:
        try:
            return taken(*args, **kwargs)  # type: ignore[arg-type]
        except inbox.Fenced:
            say("fenced")
            raise

    inbox.take_fences = take_fences  # type: ignore[assignment]
