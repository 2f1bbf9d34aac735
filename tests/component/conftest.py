"""Component tests run on both real stores: SQLite always, PostgreSQL where Docker is.

The walks of all routes (access, web) run on SQLite alone: they prove the door, which stands before any store.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.containers import postgres_url  # noqa: F401 - a fixture
from tests.support.house import SERVICES, House
from tests.support.stores import PostgresStores

_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.docker)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "house" in metafunc.fixturenames:
        on_both = metafunc.definition.path.parent.name in {*SERVICES, "operations"}
        metafunc.parametrize("house", ["sqlite", *([_POSTGRESQL] if on_both else [])], indirect=True)


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    stores = PostgresStores(request.getfixturevalue("postgres_url")) if request.param == "postgresql" else None
    built = House(tmp_path, urls=stores)
    yield built
    built.close()
    if stores is not None:
        stores.empty()
