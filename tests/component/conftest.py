"""Every component test runs on both real stores: SQLite always, PostgreSQL where Docker is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.containers import postgres_url  # noqa: F401 - a fixture
from tests.support.house import House
from tests.support.stores import PostgresStores


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.docker)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    stores = PostgresStores(request.getfixturevalue("postgres_url")) if request.param == "postgresql" else None
    built = House(tmp_path, urls=stores)
    yield built
    built.close()
    if stores is not None:
        stores.empty()
