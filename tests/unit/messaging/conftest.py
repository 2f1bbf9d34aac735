"""Two services on SQLite and one embedded log: maintenance announces boosters, intake notes them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.messaging import batch, retry
from shared.messaging.embedded import EmbeddedLog
from shared.store.engine import open_engine
from tests.support.bus import NOON, Desk, create_tables


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    opened = EmbeddedLog(tmp_path / "events.db")
    yield opened
    opened.close()


def _desk(service: str, tmp_path: Path, log: EmbeddedLog, *, consumes: bool) -> Iterator[Desk]:
    engine = open_engine(f"sqlite:///{tmp_path}/{service}.db")
    create_tables(engine)
    desk = Desk(service, engine, log, consumes=consumes)
    yield desk
    desk.worker.close()
    engine.dispose()


@pytest.fixture
def maintenance(tmp_path: Path, log: EmbeddedLog) -> Iterator[Desk]:
    yield from _desk("maintenance", tmp_path, log, consumes=False)


@pytest.fixture
def intake(tmp_path: Path, log: EmbeddedLog) -> Iterator[Desk]:
    yield from _desk("intake", tmp_path, log, consumes=True)


class Machine:
    """The machine's own clock, which retries go by: stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def forward(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    clock = Machine()
    for module in (batch, retry):
        monkeypatch.setattr(module, "machine_now", lambda: clock.now)
    return clock
