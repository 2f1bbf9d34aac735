"""Fields and base schemas for bodies: shape only, every limit named in its message."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.contracts import fields as wire
from shared.contracts.fields import coded

__all__ = ["Answer", "Body", "Choice", "Day", "Flag", "Instant", "Text", "Whole", "coded"]

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


# arithmetic with a day or an hour added, in any zone, stays inside what a datetime can be
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class Body(Schema):
    """Base of every request body: unknown fields are refused, never dropped."""

    class Meta:
        unknown = RAISE


class Answer(Schema):
    """Base of every answer: named fields are always present, null when unknown."""


class Text(fields.String):
    """Trimmed text of 1 to `max_length` characters that both stores can hold (no NUL, no lone surrogates)."""

    def __init__(self, max_length: int, **kwargs: Any) -> None:
        self.max_length = max_length
        super().__init__(metadata={"minLength": 1, "maxLength": max_length} | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs).strip()
        if _UNSTORABLE.search(text):
            raise ValidationError("Holds a character that can't be kept.")
        if not 1 <= len(text) <= self.max_length:
            raise ValidationError(f"Must be 1 to {self.max_length} characters.")
        return text


class Instant(wire.Instant):
    """An instant with an offset, in the years 1900 to 2199; comes back equal, in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        instant = super()._deserialize(value, attr, data, **kwargs)
        if not datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC) <= instant < datetime(_LAST_YEAR + 1, 1, 1, tzinfo=UTC):
            raise ValidationError(f"Must be in the years {_FIRST_YEAR} to {_LAST_YEAR}.")
        return instant


class Day(fields.Date):
    """A calendar day, `YYYY-MM-DD`, in the years 1900 to 2199."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str):
            raise ValidationError("Not a day: text like 2026-03-02 is needed.")
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise ValidationError(f"Must be in the years {_FIRST_YEAR} to {_LAST_YEAR}.")
        return day


class Flag(fields.Boolean):
    """True or false; text and numbers are refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


class Whole(fields.Integer):
    """A whole number from `low` to `high`, both inclusive; text and fractions are refused."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        limits = validate.Range(min=low, max=high, error=f"Must be {low} to {high}.")
        super().__init__(strict=True, validate=limits, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, (bool, str)):
            raise ValidationError("Not a whole number.")
        return super()._deserialize(value, attr, data, **kwargs)


def Choice(kind: type[StrEnum], **kwargs: Any) -> fields.Enum[Any]:  # noqa: N802 - reads as a field
    """One of an enum's values; the message lists them."""
    allowed = ", ".join(member.value for member in kind)
    return coded(kind, error_messages={"unknown": f"Must be one of: {allowed}."}, **kwargs)
