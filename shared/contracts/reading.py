"""Reads a payload at a tenth of a schema's cost where nothing about it is unusual.

The marshmallow schema stays the truth, and its fields say what is read here. A reader takes only what it is sure to
take just as the schema would; whatever else comes (a field missing, another spelling, a value out of range) is left to
the schema, whose answer and errors stand.
"""

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from shared.contracts.fields import Instant

Read = Callable[[Any], Any]
_UNSURE = (KeyError, TypeError, ValueError)


def quick_reader(schema: Schema, event: type[Any]) -> Callable[[Any], Any]:
    """From a JSON body to the event, or None when the schema must decide. Raises TypeError for a schema of others."""
    names = [field.name for field in dataclasses.fields(event)]
    if set(names) != set(schema.fields):
        raise TypeError(f"{event.__name__} and its schema don't have the same fields")
    readers = [(name, _reader(schema.fields[name])) for name in names]

    def read(body: Any) -> Any:
        try:
            return event(*[reader(body[name]) for name, reader in readers])
        except _UNSURE:
            return None

    return read


def _reader(field: fields.Field[Any]) -> Read:
    read = _strict(field)
    return (lambda value: None if value is None else read(value)) if field.allow_none else read


def _strict(field: fields.Field[Any]) -> Read:
    kind = type(field)
    if kind is fields.Integer and field.strict:  # type: ignore[attr-defined]
        return _whole_number(field)
    if field.validators:
        raise TypeError(f"no quick reader knows the validators of {field.name}")
    if kind is fields.Enum and field.by_value is True:  # type: ignore[attr-defined]
        return {member.value: member for member in field.enum}.__getitem__  # type: ignore[attr-defined]
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    raise TypeError(f"no quick reader for {field.name}")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _uuid(value: Any) -> UUID:
    return UUID(_text(value))


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is not UTC:
        raise ValueError
    return instant


def _day(value: Any) -> date:
    return date.fromisoformat(value)


def _truth(value: Any) -> bool:
    if value is not True and value is not False:
        raise TypeError
    return bool(value)


def _whole_number(field: fields.Field[Any]) -> Read:
    lowest, highest = float("-inf"), float("inf")
    for limit in field.validators:
        if type(limit) is not validate.Range or not (limit.min_inclusive and limit.max_inclusive):
            raise TypeError(f"no quick reader knows the validators of {field.name}")
        lowest = lowest if limit.min is None else max(lowest, limit.min)
        highest = highest if limit.max is None else min(highest, limit.max)

    def read(value: Any) -> int:
        if type(value) is not int or not lowest <= value <= highest:
            raise ValueError
        return value

    return read


_SIMPLE: dict[type, Read] = {
    fields.String: _text,
    fields.UUID: _uuid,
    fields.Boolean: _truth,
    fields.Date: _day,
    Instant: _instant,
}
