"""Many rows by one statement, the same on both stores: what is odd arrives as it is, what doesn't fit is refused."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, Uuid, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from shared.store.engine import open_engine
from shared.store.sets import add_all, add_missing, add_new, among, put_all

ODD = ["", " ", "NULL", "a b", "x\"y'z", "a\\b", "{c,d}", "é世", "li\nne", ","]
_metadata = MetaData()
row = Table(
    "row",
    _metadata,
    Column("row_id", Uuid(), primary_key=True),
    Column("text", String(8)),
    Column("number", Integer, nullable=False),
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    url = f"sqlite:///{tmp_path}/s.db" if request.param == "sqlite" else request.getfixturevalue("postgres_database")
    engine = open_engine(url)
    _metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def texts(session: Session, number: int) -> list[str | None]:
    return sorted(session.scalars(select(row.c.text).where(row.c.number == number)), key=str)


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_odd_text_arrives_as_it_is_alone_or_among_others(session: Session, odd: str) -> None:
    add_all(session, row, ("row_id", "text"), [(uuid4(), odd), (uuid4(), odd)], {"number": 1})
    assert texts(session, 1) == [odd, odd]
    assert list(session.scalars(select(row.c.text).where(among(session, row.c.text, [odd, "other"])))) == [odd, odd]
    assert list(session.scalars(select(row.c.text).where(among(session, row.c.text, ["other"])))) == []


def test_what_is_missing_stays_missing(session: Session) -> None:
    add_all(session, row, ("row_id", "text", "number"), [(uuid4(), None, 1), (uuid4(), "a", 1), (uuid4(), None, 1)])
    assert texts(session, 1) == [None, None, "a"]


def test_no_rows_are_no_statement(session: Session) -> None:
    for write in (add_all, add_missing, add_new, put_all):
        write(session, row, ("row_id", "text"), [], {"number": 1})
    assert texts(session, 1) == []


def test_a_row_that_is_there_stays_as_it_was_or_is_written_over(session: Session) -> None:
    one, two = UUID(int=1), UUID(int=2)
    add_all(session, row, ("row_id", "text"), [(one, "old")], {"number": 1})
    add_missing(session, row, ("row_id", "text"), [(one, "new"), (two, "new")], {"number": 1})
    assert texts(session, 1) == ["new", "old"]
    put_all(session, row, ("row_id", "text"), [(one, "newest"), (two, "newest")], {"number": 1})
    assert texts(session, 1) == ["newest", "newest"]
    with pytest.raises(IntegrityError):
        add_all(session, row, ("row_id", "text"), [(one, "again")], {"number": 1})


def test_what_was_new_is_told_once_whatever_else_was_there(session: Session) -> None:
    one, two, three = UUID(int=1), UUID(int=2), UUID(int=3)
    add_all(session, row, ("row_id", "text"), [(one, "old")], {"number": 1})
    told = add_new(
        session, row, ("text", "row_id"), [("b", two), ("new", one), ("c", three), ("d", two)], {"number": 1}
    )
    assert told == {(two,), (three,)}
    assert texts(session, 1) == ["b", "c", "old"]
    assert add_new(session, row, ("row_id", "text"), [(one, "again")], {"number": 1}) == set()
    assert add_new(session, row, ("row_id", "text"), [], {"number": 1}) == set()


def test_text_that_is_too_long_is_never_cut(session: Session) -> None:
    long = [(uuid4(), "123456789")]
    if session.get_bind().dialect.name == "sqlite":  # which knows no lengths
        add_all(session, row, ("row_id", "text"), long, {"number": 1})
        assert texts(session, 1) == ["123456789"]
    else:
        with pytest.raises(DataError):
            add_all(session, row, ("row_id", "text"), long, {"number": 1})
