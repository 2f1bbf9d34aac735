"""On SQLite two writers queue from their first statement on, and whoever only reads waits for nobody."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from shared.kernel.people import the_service
from shared.store.engine import READ_ONLY, open_engine
from shared.store.unit_of_work import UnitOfWork


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cups.db"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE cup (name TEXT)"))
    yield engine
    engine.dispose()


def cups(engine: Engine, *, read_only: bool) -> UnitOfWork:
    unit = UnitOfWork(engine, actor=the_service("test"), correlation_id="test", read_only=read_only)
    unit.connection.execute(text("SELECT count(*) FROM cup")).scalar_one()
    return unit


def somebody_else_may_write(file: Path) -> bool:
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


def test_a_transaction_that_may_write_keeps_other_writers_waiting_from_its_first_look(
    engine: Engine, file: Path
) -> None:
    with cups(engine, read_only=False):
        assert not somebody_else_may_write(file)
    assert somebody_else_may_write(file)


def test_a_transaction_that_only_reads_keeps_nobody_waiting(engine: Engine, file: Path) -> None:
    with cups(engine, read_only=True):
        assert somebody_else_may_write(file)


def test_a_connection_that_read_writes_like_any_other_once_it_was_given_back(engine: Engine, file: Path) -> None:
    with cups(engine, read_only=True) as reading:
        read_through = reading.connection.connection.driver_connection
    with cups(engine, read_only=False) as writing:
        assert writing.connection.connection.driver_connection is read_through
        assert not somebody_else_may_write(file)


def test_a_whole_engine_cannot_be_marked_since_its_connections_would_not_see_it(engine: Engine) -> None:
    with pytest.raises(TypeError, match=READ_ONLY):
        engine.execution_options(**{READ_ONLY: True})
