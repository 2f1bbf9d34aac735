"""Opens a service's database: SQLite (the embedded default) or PostgreSQL, by URL."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

READ_ONLY = "afterglow_read_only"
"""An execution option of a connection, not of an engine: until it is given back, it only reads."""


class Sqlite(SQLiteDialect_pysqlite):
    """SQLite whose transactions begin when SQLAlchemy's do. A listener on "begin" would do the same, but an engine with
    any listener looks for all of them with each statement, which made a plain write a tenth slower."""

    supports_statement_cache = True

    def set_connection_execution_options(self, connection: Connection, opts: Mapping[str, Any]) -> None:
        super().set_connection_execution_options(connection, opts)
        if opts.get(READ_ONLY):
            connection.info[READ_ONLY] = True

    def set_engine_execution_options(self, engine: Engine, opts: Mapping[str, Any]) -> None:
        if READ_ONLY in opts:
            raise TypeError(f"{READ_ONLY} is for a connection: it wouldn't be seen here")
        super().set_engine_execution_options(engine, opts)

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        how = "DEFERRED" if dbapi_connection.info.get(READ_ONLY) else "IMMEDIATE"
        dbapi_connection.cursor().execute(f"BEGIN {how}")


registry.register("sqlite.afterglow", __name__, Sqlite.__name__)


def open_engine(url: str, *, pool_size: int = 20) -> Engine:
    """An engine with the settings that both stores need; connects lazily, so a database that is away doesn't stop it.

    SQLite: WAL, synchronous FULL (committed means on disk), foreign keys on, 5 s busy timeout, and BEGIN IMMEDIATE
    unless the transaction is marked READ_ONLY, so that two writers queue instead of failing half-way.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            url,
            pool_size=pool_size,
            max_overflow=10,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 3, "options": "-c statement_timeout=15000 -c lock_timeout=10000"},
        )
    engine = create_engine(
        parsed.set(drivername="sqlite+afterglow"), pool_size=pool_size, max_overflow=50, connect_args={"timeout": 5}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkin", _let_go_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _let_go_sqlite(connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
    record.info.pop(READ_ONLY, None)
    # a COMMIT that failed leaves SQLite's transaction open, and SQLAlchemy takes it for ended: nobody else could write
    if connection is not None and connection.in_transaction:
        connection.rollback()
