"""Fields and base schemas for bodies: shape only, every limit named in its message."""

import re
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.contracts.fields import Instant, coded

__all__ = ["Answer", "Body", "Choice", "Instant", "Text", "Whole", "coded"]

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


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
