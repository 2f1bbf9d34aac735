"""Marshmallow fields for the wire: instants in UTC with `Z`, and a base schema that consumers may read loosely."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields


class Instant(fields.AwareDateTime):
    """An instant: read with any offset, refused without one, always written in UTC with `Z`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else instant_text(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str):
            raise ValidationError("Not an instant: RFC 3339 text with an offset is needed.")
        try:
            parsed: datetime = super()._deserialize(value, attr, data, **kwargs)
            return parsed.astimezone(UTC)
        except (OverflowError, ValueError) as error:
            raise ValidationError("Not an instant: RFC 3339 text with an offset is needed.") from error


def instant_text(value: datetime) -> str:
    """RFC 3339 in UTC with `Z`."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def coded(kind: type[StrEnum], **kwargs: Any) -> fields.Enum[Any]:
    """A field for an enum's values (not its names)."""
    return fields.Enum(kind, by_value=True, **kwargs)


class EventSchema(Schema):
    """Base of the four payload schemas. Producers load with unknown=RAISE, consumers with unknown=EXCLUDE."""
