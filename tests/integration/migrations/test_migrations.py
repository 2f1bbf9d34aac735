"""Migrations make exactly the tables of the code, and carry over what lies in a store at any past revision."""

import importlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, Table, func, insert, inspect, select

from shared.store.base import shared_metadata
from shared.store.migrate import migrations_of, upgrade
from tests.support.house import SERVICES

# what gives the shared tables to shared_metadata
_SHARED = ("shared.store.audit", "shared.messaging.worker", "shared.messaging.mending", "shared.web.idempotency")


def _revisions(service: str) -> list[str]:
    scripts = ScriptDirectory.from_config(migrations_of(service))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


_EVERY_REVISION = [pytest.param(s, r, id=f"{s}-{r}") for s in SERVICES for r in _revisions(s)]


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_make_exactly_the_tables_of_the_code(service: str, empty_store: Engine) -> None:
    for module in _SHARED:
        importlib.import_module(module)
    own = importlib.import_module(f"services.{service}.store.tables").Base.metadata

    upgrade(empty_store, service)

    with empty_store.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True, "target_metadata": [own, shared_metadata]},
        )
        assert compare_metadata(context, [own, shared_metadata]) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("service", SERVICES)
def test_there_is_one_newest_revision_and_the_numbers_follow_each_other(service: str) -> None:
    revisions = _revisions(service)

    assert len(ScriptDirectory.from_config(migrations_of(service)).get_heads()) == 1
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


@pytest.mark.parametrize(("service", "revision"), _EVERY_REVISION)
def test_rows_of_any_past_revision_survive_the_way_to_the_newest(
    service: str, revision: str, empty_store: Engine
) -> None:
    upgrade(empty_store, service, revision)
    with empty_store.begin() as connection:
        planted = _plant_a_row_in_every_table(connection)
    assert planted

    upgrade(empty_store, service)
    upgrade(empty_store, service)  # safe to repeat

    with empty_store.connect() as connection:
        kept = {name for name in inspect(connection).get_table_names() if name != "alembic_version"}
        for table in planted:
            assert table.name in kept, f"{table.name} was dropped with rows in it"
            assert connection.scalar(select(func.count()).select_from(_as_it_is(connection, table.name))) == 1


@pytest.mark.parametrize("service", SERVICES)
def test_the_audit_goes_on_past_the_numbers_of_32_bits(service: str, empty_store: Engine) -> None:
    upgrade(empty_store, service)
    with empty_store.begin() as connection:
        audit = _as_it_is(connection, "audit_entry")
        entry = {column.name: _a_value(column, {}) for column in audit.columns} | {"day": None}
        connection.execute(insert(audit).values(entry | {"audit_id": 2**31 - 1}))
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.setval("audit_entry_audit_id_seq", 2**31 - 1)))
        del entry["audit_id"]
        connection.execute(insert(audit).values(entry))
        assert connection.scalar(select(func.max(audit.c.audit_id))) == 2**31


def _as_it_is(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)


def _plant_a_row_in_every_table(connection: Connection) -> list[Table]:
    """One row a table of the store as it stands, whatever its columns; those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    planted: dict[str, dict[str, Any]] = {}
    tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
    for table in tables:
        row = {column.name: _a_value(column, planted) for column in table.columns}
        connection.execute(insert(table).values(row))
        planted[table.name] = row
    return tables


def _a_value(column: Column[Any], planted: dict[str, dict[str, Any]]) -> Any:
    for reference in column.foreign_keys:
        target = reference.column
        if target.table.name in planted:
            return planted[target.table.name][target.name]
    kind = column.type.python_type
    length = getattr(column.type, "length", None)
    made: dict[type, Any] = {
        int: 1,
        bool: True,
        float: 1.0,
        Decimal: Decimal(1),
        bytes: b"sealed",
        datetime: datetime(2026, 3, 2, 15, tzinfo=UTC),
        date: date(2026, 3, 2),
        dict: {},
        list: [],
    }
    if kind in made:
        return made[kind]
    text = str(uuid4())
    return uuid4() if kind.__name__ == "UUID" else text[:length] if length else text
