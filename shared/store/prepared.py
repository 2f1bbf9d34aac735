"""Writes that a busy act makes every time, put into the store's own words once.

SQLAlchemy looks a statement up and binds it anew each time it runs, which costs several times what the store needs for
it. These few are compiled and bound here; all else about them (types, errors, transactions) stays SQLAlchemy's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Insert, Update

_Values = Mapping[str, Any]
_Bound = tuple[Any, ...] | dict[str, Any]


class Prepared:
    """An insert or update that is always given values under the same names; one too few is a KeyError."""

    def __init__(self, statement: Insert | Update) -> None:
        self._statement = statement
        self._in_words_of: dict[str, tuple[str, Callable[[_Values], _Bound]]] = {}

    def execute(self, connection: Connection, values: _Values) -> CursorResult[Any]:
        dialect = connection.dialect
        known = self._in_words_of.get(dialect.name)
        if known is None:
            known = self._in_words_of[dialect.name] = self._compiled(dialect, list(values))
        text, bound = known
        return connection.exec_driver_sql(text, bound(values))

    def _compiled(self, dialect: Dialect, names: list[str]) -> tuple[str, Callable[[_Values], _Bound]]:
        compiled = self._statement.compile(dialect=dialect, column_keys=names)
        order = compiled.positiontup if compiled.positional else list(compiled.binds)
        kept = [(name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in order or ()]

        def in_order(values: _Values) -> _Bound:
            return tuple([values[name] if keep is None else keep(values[name]) for name, keep in kept])

        def by_name(values: _Values) -> _Bound:
            return {name: values[name] if keep is None else keep(values[name]) for name, keep in kept}

        return compiled.string, in_order if compiled.positional else by_name
