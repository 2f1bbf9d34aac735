"""A broker and a database for one run, and the programs that are measured on them."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from shared.contracts.journal_submitted import JournalSubmitted
from shared.messaging.log import open_log
from shared.messaging.provision import provision
from shared.store.engine import open_engine
from shared.store.migrate import upgrade
from tests.bench.events.journals import fill
from tests.support.containers import POSTGRES_IMAGE, free_port, kafka_container

_ROOT = Path(__file__).resolve().parents[3]
_PEERS = Path(__file__).with_name("peers")
_LONGEST_SECONDS = 600


@dataclass(frozen=True)
class Stage:
    """`server` is Kafka's host:port; `postgres` the URL of a database server."""

    server: str
    postgres: str

    def topics(self, stream: Iterable[tuple[JournalSubmitted, int]] = ()) -> str:
        """A new prefix with all topics; journal-submitted holds `stream`, journals with their places in line."""
        prefix = f"b{uuid4().hex[:8]}"
        log = open_log(f"kafka://{self.server}/{prefix}", Path())
        assert provision(log, wait_seconds=60)
        log.close()
        fill(self.server, prefix, stream)
        return prefix

    def rest(self) -> None:
        """Write out what the last program left to be written, so that the next one isn't measured with it."""
        admin = create_engine(self.postgres, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CHECKPOINT"))
        admin.dispose()

    def database(self, service: str | None = None) -> str:
        """SQLAlchemy URL of a new database, with the tables of `service`."""
        name = f"b{uuid4().hex[:8]}"
        admin = create_engine(self.postgres, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        url = make_url(self.postgres).set(database=name).render_as_string(hide_password=False)
        if service is not None:
            engine = open_engine(url)
            upgrade(engine, service)
            engine.dispose()
        return url


@contextmanager
def staged() -> Iterator[Stage]:
    from testcontainers.community.postgres import PostgresContainer

    port = free_port()
    broker, database = kafka_container(port), PostgresContainer(POSTGRES_IMAGE, driver="psycopg")
    broker.start()
    try:
        database.start()
        try:
            yield Stage(f"localhost:{port}", database.get_connection_url())
        finally:
            database.stop()
    finally:
        broker.stop()


def measured(program: str, *args: object, python: str = sys.executable) -> dict[str, Any]:
    """What `program` (under tests.bench.events, dotted) printed, as it ran in a process of its own."""
    return finished(started(program, *args, python=python))


def started(program: str, *args: object, python: str = sys.executable) -> "subprocess.Popen[str]":
    command = [python, "-m", f"tests.bench.events.{program}", *map(str, args)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT)


def finished(running: "subprocess.Popen[str]") -> dict[str, Any]:
    out, _ = running.communicate(timeout=_LONGEST_SECONDS)
    assert running.returncode == 0, "a program of the bench failed"
    answer: dict[str, Any] = json.loads(out.splitlines()[-1])
    return answer


def faststream(server: str, topic: str, count: int) -> dict[str, Any]:
    """The FastStream peer, in an environment of its own, from its own hashed lock."""
    return measured("peers.faststream_json", server, topic, count, python=_faststream_python())


def middle(rates: list[float]) -> float:
    return median(rates)


def plain(url: str) -> str:
    """A SQLAlchemy URL as psycopg takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def _faststream_python() -> str:
    lock = _PEERS / "faststream.txt"
    folder = _ROOT / ".data" / "bench" / "faststream"
    stamp = folder / lock.name
    if not stamp.exists() or stamp.read_text() != lock.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]
        subprocess.run([folder / "bin" / "python", "-m", "pip", *install], check=True)
        stamp.write_text(lock.read_text())
    return str(folder / "bin" / "python")
