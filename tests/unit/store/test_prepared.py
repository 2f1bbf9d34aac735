"""A prepared write leaves the very row that SQLAlchemy's own would have left."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, Column, Engine, Integer, MetaData, String, Table, Uuid, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.store.base import Instant, coded
from shared.store.engine import open_engine
from shared.store.prepared import Prepared


class Tea(StrEnum):
    GREEN = "green-tea"


metadata = MetaData()
cup = Table(
    "cup",
    metadata,
    Column("cup_id", Uuid(), primary_key=True),
    Column("poured_at", Instant(), nullable=False),
    Column("tea", coded(Tea), nullable=False),
    Column("sips", JSON(none_as_null=True)),
    Column("guest", String(20)),
    Column("spoons", Integer, nullable=False),
)

EASTERN = timezone(timedelta(hours=-5))
A_CUP: dict[str, Any] = {
    "cup_id": UUID(int=7),
    "poured_at": datetime(2026, 3, 7, 20, 30, 0, 5, EASTERN),
    "tea": Tea.GREEN,
    "sips": [{"code": "hot", "grade": 2}],
    "guest": "100 % wool, 'quoted'",
    "spoons": 2,
}
NONE_OF_IT = A_CUP | {"sips": None, "guest": None}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path}/cups.db")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def as_kept(engine: Engine) -> list[tuple[Any, ...]]:
    """What lies in the store, before any of our types has looked at it, emptied afterwards."""
    with engine.begin() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM cup")]
        connection.execute(cup.delete())
    return rows


@pytest.mark.parametrize("values", [A_CUP, NONE_OF_IT], ids=["all of it", "nothing optional"])
def test_an_insert_leaves_the_same_row(engine: Engine, values: dict[str, Any]) -> None:
    with engine.begin() as connection:
        connection.execute(insert(cup), values)
    expected = as_kept(engine)
    prepared = Prepared(insert(cup).inline())
    for given in (values, dict(reversed(values.items()))):
        with engine.begin() as connection:
            prepared.execute(connection, given)
        assert as_kept(engine) == expected


def test_an_update_finds_its_row_and_says_how_many_it_found(engine: Engine) -> None:
    pour = Prepared(update(cup).where(cup.c.cup_id == bindparam("this")).values(spoons=bindparam("spoons")))
    with engine.begin() as connection:
        connection.execute(insert(cup), A_CUP)
        assert pour.execute(connection, {"this": UUID(int=7), "spoons": 9}).rowcount == 1
        assert pour.execute(connection, {"this": UUID(int=8), "spoons": 1}).rowcount == 0
        assert connection.execute(select(cup)).mappings().one() == A_CUP | {"spoons": 9}


def test_a_value_that_is_forgotten_is_no_null(engine: Engine) -> None:
    prepared = Prepared(insert(cup).inline())
    with engine.begin() as connection:
        prepared.execute(connection, A_CUP)
        with pytest.raises(KeyError, match="guest"):
            prepared.execute(connection, {name: value for name, value in A_CUP.items() if name != "guest"})


def test_what_the_store_refuses_is_the_error_that_it_is_elsewhere(engine: Engine) -> None:
    prepared = Prepared(insert(cup).inline())
    with engine.begin() as connection:
        prepared.execute(connection, A_CUP)
        with pytest.raises(IntegrityError):
            prepared.execute(connection, A_CUP)
