"""Opens a service's database: SQLite (the embedded default) or PostgreSQL, by URL."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

READ_ONLY = "afterglow_read_only"


def open_engine(url: str, *, pool_size: int = 20) -> Engine:
    """An engine with the settings that both stores need; connects lazily, so a database that is away doesn't stop it.

    SQLite: WAL, synchronous FULL (committed means on disk), foreign keys on, 5 s busy timeout, and BEGIN IMMEDIATE
    unless the transaction is marked READ_ONLY, so that two writers queue instead of failing half-way.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url,
            pool_size=pool_size,
            max_overflow=10,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 3, "options": "-c statement_timeout=15000 -c lock_timeout=10000"},
        )
    engine = create_engine(url, pool_size=pool_size, max_overflow=50, connect_args={"timeout": 5})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "checkin", _let_go_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")


def _let_go_sqlite(connection: sqlite3.Connection | None, _: Any) -> None:
    # a COMMIT that failed leaves SQLite's transaction open, and SQLAlchemy takes it for ended: nobody else could write
    if connection is not None and connection.in_transaction:
        connection.rollback()
