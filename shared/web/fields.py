"""Fields and base schemas for bodies: shape only, every limit named in its message."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing, validate

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

    def _deserialize(self, data: Any, *, many: bool = False, partial: Any = None, **how: Any) -> Any:
        # most bodies are right: marshmallow's own, which looks up and collects all that is wrong, is for the others
        if type(data) is dict and not many and partial is None and data.keys() <= self.load_fields.keys():
            try:
                loaded = {n: field.deserialize(data.get(n, missing), n, data) for n, field in self.load_fields.items()}
            except ValidationError:
                pass  # said again below, with all else that is wrong
            else:
                return {name: value for name, value in loaded.items() if value is not missing}
        return super()._deserialize(data, many=many, partial=partial, **how)


class Answer(Schema):
    """Base of every answer, dumped from a dict: named fields are always present, null when unknown."""

    def _serialize(self, obj: Any, *, many: bool = False) -> Any:
        # marshmallow's own looks for each value in several ways, which is most of what a dump costs
        if many or not isinstance(obj, dict):
            return super()._serialize(obj, many=many)
        return {name: field._serialize(obj[name], name, obj) for name, field in self.dump_fields.items()}


class Text(fields.String):
    """Trimmed text of 1 to `max_length` characters that both stores can hold (no NUL, no lone surrogates)."""

    def __init__(self, max_length: int, **kwargs: Any) -> None:
        self.max_length = max_length
        super().__init__(metadata={"minLength": 1, "maxLength": max_length} | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs).strip()
        if _UNSTORABLE.search(text):
            raise ValidationError("Holds a character that can’t be kept.")
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

    def deserialize(self, value: Any, *place: Any, **kwargs: Any) -> Any:
        if value is True or value is False:
            return value
        return super().deserialize(value, *place, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


class Whole(fields.Integer):
    """A whole number from `low` to `high`, both inclusive; text and fractions are refused."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        self.low, self.high = low, high
        limits = validate.Range(min=low, max=high, error=f"Must be {low} to {high}.")
        super().__init__(strict=True, validate=limits, **kwargs)

    def deserialize(self, value: Any, *place: Any, **kwargs: Any) -> Any:
        if type(value) is int and self.low <= value <= self.high:
            return value  # most values are right, and need no second look
        return super().deserialize(value, *place, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, (bool, str)):
            raise ValidationError("Not a whole number.")
        return super()._deserialize(value, attr, data, **kwargs)


def Choice(kind: type[StrEnum], **kwargs: Any) -> fields.Enum[Any]:  # noqa: N802 - reads as a field
    """One of an enum's values; the message lists them."""
    allowed = ", ".join(member.value for member in kind)
    return coded(kind, error_messages={"unknown": f"Must be one of: {allowed}."}, **kwargs)
