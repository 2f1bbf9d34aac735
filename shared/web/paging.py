"""Lists: `{"items": […], "next": …}` with an opaque cursor, stable while records change under the reader."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar, TypeVarTuple
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields, validate
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from shared.kernel.errors import FieldError, Invalid
from shared.web.fields import Instant

_R = TypeVar("_R")
_Ts = TypeVarTuple("_Ts")

# whoever forgets to ask for the next page of a board must not lose a patient
DEFAULT_LIMIT = 500
LARGEST_LIMIT = 500
_LONGEST_CURSOR = 200
_LARGEST_POSITION = 2**63 - 1


class Asked(Schema):
    """Base of a list's query: how many, from where on, changed since when. `site_id` is read by requested_sites()."""

    class Meta:
        unknown = EXCLUDE

    limit = fields.Integer(
        load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT, error=f"Must be 1 to {LARGEST_LIMIT}.")
    )
    cursor = fields.String(load_default=None)
    site_id = fields.List(fields.String(), load_default=())
    updated_since = Instant(load_default=None)


def in_order(
    statement: Select[*_Ts],
    query: dict[str, Any],
    *,
    updated_at: InstrumentedAttribute[datetime],
    record_id: InstrumentedAttribute[UUID],
) -> Select[*_Ts]:
    """`statement` by (updated_at, id), after the query's cursor, one row over so that `page` sees the end."""
    if query["updated_since"] is not None:
        statement = statement.where(updated_at >= query["updated_since"])
    place = _read(query["cursor"])
    if place is not None:
        at, last = _instant_and_id(place)
        further: ColumnElement[bool] = or_(updated_at > at, and_(updated_at == at, record_id > last))
        statement = statement.where(further)
    return statement.order_by(updated_at, record_id).limit(int(query["limit"]) + 1)


def page(
    rows: Sequence[_R],
    query: dict[str, Any],
    *,
    place: Callable[[_R], tuple[datetime, UUID]],
    view: Callable[[_R], dict[str, Any]],
) -> dict[str, Any]:
    """The answer for rows fetched with `in_order`."""
    limit = int(query["limit"])
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        at, last = place(shown[-1])
        following = _write([at.isoformat(), str(last)])
    return {"items": [view(row) for row in shown], "next": following}


def answer_page(
    query: dict[str, Any], fetch: Callable[[int | None, int], list[_R]], *, position: Callable[[_R], Any]
) -> dict[str, Any]:
    """A page of an append-only list that is read by a running number: `fetch(before, limit)`, newest first."""
    limit = int(query["limit"])
    place = _read(query["cursor"])
    if place is not None and not (len(place) == 1 and type(place[0]) is int and 0 <= place[0] <= _LARGEST_POSITION):
        raise _bad_cursor()
    rows = fetch(place[0] if place else None, limit + 1)
    following = _write([position(rows[limit - 1])]) if len(rows) > limit else None
    return {"items": rows[:limit], "next": following}


def _write(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read(cursor: str | None) -> list[Any] | None:
    if cursor is None:
        return None
    if len(cursor) > _LONGEST_CURSOR:
        raise _bad_cursor()
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise _bad_cursor() from None
    if not isinstance(place, list):
        raise _bad_cursor()
    return place


def _instant_and_id(place: list[Any]) -> tuple[datetime, UUID]:
    try:
        at, last = place
        return datetime.fromisoformat(at).astimezone(UTC), UUID(last)
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise _bad_cursor() from None


def _bad_cursor() -> Invalid:
    return Invalid(FieldError("/cursor", "Not a cursor of this list: use the `next` of an answer, unchanged."))
