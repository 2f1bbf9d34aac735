"""One statement for many rows, where one row at a time would cost a round trip each.

PostgreSQL gets the rows as one array a column (`unnest`); SQLite, which has no arrays and no round trips, gets them one
after another from its driver.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Engine,
    Result,
    String,
    Table,
    Text,
    any_,
    bindparam,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

Row = Sequence[Any]
_Insert = Any  # the two dialects' inserts share no base that has `on_conflict_…`
_Finish = Callable[[Table, _Insert], Any]
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def add_all(
    session: Session, table: Table, columns: tuple[str, ...], rows: Collection[Row], alike: Mapping[str, Any] = _NOTHING
) -> None:
    """Insert `rows`, each in the order of `columns`, with the values that are `alike` in all of them.

    The table's defaults are not applied; so too in the three below.
    """
    _write(session, table, columns, rows, alike, _as_it_is)


def add_missing(
    session: Session, table: Table, columns: tuple[str, ...], rows: Collection[Row], alike: Mapping[str, Any] = _NOTHING
) -> None:
    """Insert those of `rows` that break no key; the others change nothing."""
    _write(session, table, columns, rows, alike, _unless_there)


def add_new(
    session: Session, table: Table, columns: tuple[str, ...], rows: Collection[Row], alike: Mapping[str, Any] = _NOTHING
) -> set[tuple[Any, ...]]:
    """As `add_missing`; the primary keys, each in the table's order, of the rows that were inserted."""
    inserted = _write(session, table, columns, rows, alike, _told_unless_there)
    return set() if inserted is None else {tuple(key) for key in inserted}


def put_all(
    session: Session, table: Table, columns: tuple[str, ...], rows: Collection[Row], alike: Mapping[str, Any] = _NOTHING
) -> None:
    """Insert `rows`, or write them over what has the same primary key; no key may stand among them twice."""
    _write(session, table, columns, rows, alike, _over_what_is_there)


def among(
    store: Session | Engine, key: Column[Any] | InstrumentedAttribute[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Whether `key` is one of `values`, which PostgreSQL gets as one parameter and not as hundreds."""
    if _on_postgresql(store):
        return key == any_(literal(list(values), _Array(_as_given(key.type))))
    return key.in_(values)


def each_of(
    store: Session | Engine, key: Column[Any] | InstrumentedAttribute[Any], values: Collection[str]
) -> ColumnElement[str]:
    """`values` as a column to select from, of the type of `key`, text."""
    value = column("value", _as_given(key.type))
    if _on_postgresql(store):
        return func.unnest(literal(list(values), _Array(value.type))).table_valued(value).render_derived().c.value
    return func.json_each(json.dumps(list(values))).table_valued(value).c.value


def _write(
    session: Session,
    table: Table,
    columns: tuple[str, ...],
    rows: Collection[Row],
    alike: Mapping[str, Any],
    finish: _Finish,
) -> Result[Any] | None:
    if not rows:
        return None
    if _on_postgresql(session):
        arrays = zip(columns, map(list, zip(*rows, strict=True)), strict=True)
        return session.execute(_from_arrays(table, columns, tuple(alike), finish), {**alike, **dict(arrays)})
    made = _row_by_row(table, finish)
    return session.execute(made, [{**alike, **dict(zip(columns, row, strict=True))} for row in rows])


@cache  # building a statement costs more than running it
def _from_arrays(table: Table, columns: tuple[str, ...], alike: tuple[str, ...], finish: _Finish) -> Any:
    kinds = {name: _as_given(table.c[name].type) for name in (*columns, *alike)}
    arrays = [bindparam(name, type_=_Array(kinds[name])) for name in columns]
    rows = func.unnest(*arrays).table_valued(*(column(name, kinds[name]) for name in columns)).render_derived()
    same = [bindparam(name, type_=kinds[name]) for name in alike]
    chosen = select(*rows.c, *same)
    return finish(table, postgresql.insert(table).from_select([*columns, *alike], chosen, include_defaults=False))


@cache
def _row_by_row(table: Table, finish: _Finish) -> Any:
    return finish(table, sqlite.insert(table).inline())


class _Array(TypeDecorator[Any]):
    """An array that is sent as text where that is simple: the driver's own way costs five times as much."""

    impl = postgresql.ARRAY
    cache_ok = True

    def __init__(self, kind: TypeEngine[Any]) -> None:
        super().__init__(kind)
        self.kind = kind  # part of the statement's cache key

    def bind_processor(self, dialect: Dialect) -> Any:
        plain = super().bind_processor(dialect) or list

        def bind(values: list[Any]) -> Any:
            text = _array_text(values)
            return plain(values) if text is None else text

        return bind


def _array_text(values: list[Any]) -> str | None:
    """PostgreSQL's text for an array of UUIDs, whole numbers or strings that need no escape; None for any other."""
    kinds = set(map(type, values))
    if kinds == {UUID}:
        return "{" + ",".join([value.hex for value in values]) + "}"
    if kinds == {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds == {str}:
        text = json.dumps(values, ensure_ascii=False)
        return None if "\\" in text else "{" + text[1:-1] + "}"
    return None


def _as_given(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Text of any length: a cast to VARCHAR(64)[] would cut what is too long, where an insert refuses it."""
    return Text() if type(kind) is String else kind


def _as_it_is(table: Table, statement: _Insert) -> Any:
    return statement


def _unless_there(table: Table, statement: _Insert) -> Any:
    return statement.on_conflict_do_nothing()


def _told_unless_there(table: Table, statement: _Insert) -> Any:
    return statement.on_conflict_do_nothing().returning(*table.primary_key)


def _over_what_is_there(table: Table, statement: _Insert) -> Any:
    key = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=rest)


def _on_postgresql(store: Session | Engine) -> bool:
    dialect = store.dialect if isinstance(store, Engine) else store.get_bind().dialect
    return dialect.name == "postgresql"
