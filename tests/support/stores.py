"""A house's stores on real PostgreSQL: one migrated database a service for the whole run, emptied after each test."""

from collections.abc import Iterator, Mapping
from functools import cache
from uuid import uuid4

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url

from shared.store.engine import open_engine
from shared.store.migrate import upgrade
from tests.support.house import SERVICES


class PostgresStores(Mapping[str, str]):
    """Service name → URL of its own database, made when a test first asks for it."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._used: dict[str, Engine] = {}

    def __getitem__(self, service: str) -> str:
        engine = self._used[service] = _database(self._server, service)
        return engine.url.render_as_string(hide_password=False)

    def __iter__(self) -> Iterator[str]:
        return iter(SERVICES)

    def __len__(self) -> int:
        return len(SERVICES)

    def empty(self) -> None:
        """Empty what this test has used; the tables stay."""
        for engine in self._used.values():
            tables = ", ".join(f'"{name}"' for name in inspect(engine).get_table_names() if name != "alembic_version")
            with engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))


@cache
def _database(server: str, service: str) -> Engine:
    name = f"{service}_{uuid4().hex[:8]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    engine = open_engine(make_url(server).set(database=name).render_as_string(hide_password=False), pool_size=1)
    upgrade(engine, service)
    return engine
