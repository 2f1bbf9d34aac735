"""Instants in SQLite: the very text that SQLAlchemy writes, so that old rows and new ones sort as one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, DateTime, MetaData, Table, create_engine, insert, select, text
from sqlalchemy.exc import StatementError

from shared.store.base import Instant

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ours = Table("moment", MetaData(), Column("at", Instant()))
theirs = Table("moment", MetaData(), Column("at", DateTime()))


@pytest.mark.parametrize(
    "instant",
    [
        pytest.param(NOON, id="whole second"),
        pytest.param(NOON.replace(microsecond=7), id="microseconds"),
        pytest.param(NOON.astimezone(timezone(timedelta(hours=-5, minutes=-30))), id="another offset"),
        pytest.param(NOON.replace(year=1), id="the first year"),
    ],
)
def test_an_instant_is_kept_as_sqlalchemy_keeps_it_and_comes_back_in_utc(instant: datetime) -> None:
    with create_engine("sqlite://").begin() as connection:
        ours.create(connection)
        connection.execute(insert(ours), {"at": instant})
        connection.execute(insert(theirs), {"at": instant.astimezone(UTC).replace(tzinfo=None)})
        assert len(set(connection.execute(text("SELECT at FROM moment")).scalars())) == 1
        found = connection.execute(select(ours.c.at)).scalars().all()
        assert found == [instant] * 2
        assert {each.tzinfo for each in found} == {UTC}
        assert connection.execute(select(ours).where(ours.c.at == instant)).all() == [(instant,)] * 2


def test_no_instant_is_none() -> None:
    with create_engine("sqlite://").begin() as connection:
        ours.create(connection)
        connection.execute(insert(ours), {"at": None})
        assert connection.execute(select(ours.c.at)).scalar_one() is None


def test_an_instant_without_an_offset_is_refused() -> None:
    with create_engine("sqlite://").begin() as connection:
        ours.create(connection)
        with pytest.raises(StatementError, match="needs an offset"):
            connection.execute(insert(ours), {"at": NOON.replace(tzinfo=None)})
