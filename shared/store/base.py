"""The declarative base, column types, and the metadata of the tables that every service has."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, Uuid
from sqlalchemy.types import TypeDecorator

_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Outbox, inbox, audit and idempotency keys: the same tables stand in each of the four databases.
shared_metadata = MetaData(naming_convention=_NAMES)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Any:
        return _instant_to_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _instant_from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


_WITHOUT_OFFSET = len("2026-03-02 14:05:00.000000")


def _instant_to_sqlite(value: datetime | None) -> str | None:
    """As SQLAlchemy itself writes a DateTime there, in a fifth of the time: UTC without offset, with microseconds."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:_WITHOUT_OFFSET]


def _instant_from_sqlite(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "Z")


def coded(kind: type[StrEnum], length: int = 32) -> Enum:
    """A column that holds an enum's value as text; a new member needs no migration of the type."""
    return Enum(kind, values_callable=lambda k: [m.value for m in k], native_enum=False, length=length)


_JSON = JSON(none_as_null=True)

# how Python's types are kept, for each service's `class Base(DeclarativeBase)`
COLUMN_TYPES: dict[Any, Any] = {datetime: Instant(), UUID: Uuid(), dict[str, Any]: _JSON, list[Any]: _JSON}


def new_metadata() -> MetaData:
    """Metadata of its own for one service's `class Base(DeclarativeBase)`: no two services share a table."""
    return MetaData(naming_convention=_NAMES)
