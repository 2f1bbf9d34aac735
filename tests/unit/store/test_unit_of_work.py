"""Plain statements and rows as objects are one transaction, whichever of them comes first."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.kernel.people import the_service
from shared.store.base import new_metadata
from shared.store.engine import open_engine
from shared.store.unit_of_work import UnitOfWork


class Base(DeclarativeBase):
    metadata = new_metadata()


class CupRow(Base):
    __tablename__ = "cup"
    name: Mapped[str] = mapped_column(primary_key=True)


class Refused(Exception):
    pass


def plainly(uow: UnitOfWork) -> None:
    uow.connection.execute(insert(CupRow), {"name": "plain"})


def as_object(uow: UnitOfWork) -> None:
    uow.session.add(CupRow(name="object"))
    uow.session.flush()


Act = Callable[[UnitOfWork], None]
BOTH = pytest.mark.parametrize(
    "acts",
    [
        pytest.param((plainly, as_object), id="statement, then object"),
        pytest.param((as_object, plainly), id="object, then statement"),
        pytest.param((plainly,), id="statement alone"),
        pytest.param((as_object,), id="object alone"),
    ],
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path}/cups.db")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def a_unit(engine: Engine) -> UnitOfWork:
    return UnitOfWork(engine, actor=the_service("test"), correlation_id="test")


def cups(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(CupRow)).scalar_one()


@BOTH
def test_both_stand_once_the_block_ends_well(engine: Engine, acts: tuple[Act, ...]) -> None:
    with a_unit(engine) as uow:
        for act in acts:
            act(uow)
    assert cups(engine) == len(acts)


@BOTH
def test_both_fall_when_the_block_raises(engine: Engine, acts: tuple[Act, ...]) -> None:
    def fail() -> None:
        with a_unit(engine) as uow:
            for act in acts:
                act(uow)
            raise Refused

    with pytest.raises(Refused):
        fail()
    assert cups(engine) == 0


@BOTH
def test_both_fall_with_a_rollback_and_the_unit_goes_on(engine: Engine, acts: tuple[Act, ...]) -> None:
    told: list[str] = []
    with a_unit(engine) as uow:
        for act in acts:
            act(uow)
        uow.after_commit(lambda: told.append("undone"))
        uow.rollback()
        for act in acts[:1]:
            act(uow)
    assert cups(engine) == 1
    assert told == [], "what was undone is told to nobody"


@BOTH
def test_both_fall_with_the_savepoint_around_a_handler(engine: Engine, acts: tuple[Act, ...]) -> None:
    def fail() -> None:
        with uow.session.begin_nested():
            for act in acts:
                act(uow)
            raise Refused

    with a_unit(engine) as uow:
        with pytest.raises(Refused):
            fail()
        uow.connection.execute(insert(CupRow), {"name": "after"})
    assert cups(engine) == 1


def test_a_unit_is_usable_after_its_commit(engine: Engine) -> None:
    with a_unit(engine) as uow:
        plainly(uow)
        uow.commit()
        as_object(uow)
    assert cups(engine) == 2


@BOTH
def test_every_connection_goes_back(engine: Engine, acts: tuple[Act, ...]) -> None:
    with a_unit(engine) as uow:
        for act in acts:
            act(uow)
        assert engine.pool.checkedout() == 1, "one connection for both"  # type: ignore[attr-defined]
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_what_a_savepoint_undid_is_not_done_after_the_commit(tmp_path: Path) -> None:
    done: list[str] = []
    engine = open_engine(f"sqlite:///{tmp_path}/s.db")
    with UnitOfWork(engine, actor=the_service("intake"), correlation_id="") as uow:
        uow.after_commit(lambda: done.append("before"))

        def fail() -> None:
            with uow.savepoint():
                uow.after_commit(lambda: done.append("undone"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        with uow.savepoint():
            uow.after_commit(lambda: done.append("kept"))
    assert done == ["before", "kept"]
    engine.dispose()
