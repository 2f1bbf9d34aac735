"""Plain forms: read by the API's own schemas, refused with everything typed still there.

A field's name is its place in the schema, nested ones with a dot (`baseline.spo2_percent`). Times are typed as the
site's wall clock. What is left empty is left out: a blank is never a value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, redirect, request
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from shared.kernel.decision import Reason
from shared.kernel.errors import AfterglowError, Conflict, FieldError, Invalid, Refused, Stale
from shared.web import context
from shared.web.fields import Body, Instant
from shared.web.pages.csrf import FIELD as CSRF_FIELD

# what a form carries beside what it says
_OWN = frozenset({CSRF_FIELD, "once", "version"})
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into one form, and why it didn't go through; blank for a form not yet sent."""

    values: MultiDict[str, str] = field(default_factory=MultiDict)
    errors: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    reasons: tuple[Reason, ...] = ()

    def value(self, name: str, default: object = "") -> str:
        return self.values.get(name, "" if default is None else str(default))

    def chosen(self, name: str) -> list[str]:
        return self.values.getlist(name)

    def __bool__(self) -> bool:
        return bool(self.message)

    @classmethod
    def refused(cls, error: AfterglowError) -> "Typed":
        found = {f.pointer.removeprefix("/").replace("/", "."): f.message for f in error.fields}
        # a form is sent in the order in which it is read; a choice that nobody made isn't sent, and comes last
        places = {name: place for place, name in enumerate(request.form)}
        found = dict(sorted(found.items(), key=lambda each: places.get(each[0], len(places))))
        reasons = error.decision.reasons if isinstance(error, Refused) else ()
        return cls(request.form, found, error.message, tuple(reasons))


class Nothing(Body):
    """An act that needs no words."""


# what the API says to programs, as people read it beside a field
_PLAIN = {
    "Missing data for required field.": "This is needed.",
    "Field may not be null.": "This is needed.",
    "Not a valid number.": "Type a number.",
    "Not a valid integer.": "Type a whole number.",
    "Not a valid date.": "Choose a day.",
    "Not a valid datetime.": "Choose a day and a time.",
    "Not a valid boolean.": "Choose yes or no.",
}


def parsed(schema: type[Schema], *, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """This request's form as `schema` reads it; raises Invalid naming every field that can't be accepted."""
    made = schema()
    errors: list[FieldError] = []
    body = _body(made, "", zone, now, errors)
    unknown = {name for name in request.form if name not in _OWN and name.split(".")[0] not in made.load_fields}
    errors += [FieldError(f"/{name}", "There is no such field.") for name in sorted(unknown)]
    loaded: dict[str, Any] = {}
    try:
        loaded = made.load(body)
    except ValidationError as error:
        known = {found.pointer for found in errors}
        found = ((pointer, _PLAIN.get(text, text)) for pointer, text in _flat(error.messages))
        errors += [FieldError(pointer, text) for pointer, text in found if pointer not in known]
    if errors:
        raise Invalid(*errors, message="Nothing was saved yet: some fields need another look.")
    return loaded


def attempt(act: Callable[[], str], *, again: Callable[[Typed], Response]) -> Response:
    """Run `act` and go where it says (303); when it is refused, show the form `again` with what was typed and why.

    `again` draws the page; it runs on a transaction rolled back to nothing.
    """
    try:
        return current_app.make_response(redirect(act(), 303))
    except (Invalid, Conflict, Stale) as error:
        context.uow().rollback()
        answer = again(Typed.refused(error))
        answer.status_code = {Invalid: 422, Stale: 412}.get(type(error), 409)
        return answer


def check_version(version: int) -> None:
    """The form must speak of the record as it is; raises Stale when somebody changed it since the form was opened."""
    if request.form.get("version") != str(version):
        raise Stale("Somebody changed this while you typed. What they did is shown now; what you typed is kept below.")


def local_instant(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A wall-clock time as an instant: "2026-11-23T11:10", or "11:10", today unless that is over half a day ahead.

    In the hour that a clock lives twice, the later of both that isn't ahead of now. Raises ValueError.
    """
    local_now = now.astimezone(zone)
    if "T" in text:
        wall = datetime.fromisoformat(text)
        if wall.tzinfo is not None:
            return wall
    else:
        wall = datetime.combine(local_now.date(), datetime.strptime(text, "%H:%M").time())  # noqa: DTZ007 - wall clock
        if wall.replace(tzinfo=zone) - now > timedelta(hours=12):
            wall -= timedelta(days=1)
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    return second if second <= now else first


def _body(schema: Schema, prefix: str, zone: ZoneInfo, now: datetime, errors: list[FieldError]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, kind in schema.load_fields.items():
        value = _value(kind, prefix + name, zone, now, errors)
        if value is not None:
            found[name] = value
    return found


def _value(kind: fields.Field[Any], name: str, zone: ZoneInfo, now: datetime, errors: list[FieldError]) -> Any:
    if isinstance(kind, fields.Nested):
        return _body(kind.schema, f"{name}.", zone, now, errors) or None
    if isinstance(kind, fields.List):
        texts = [text for text in request.form.getlist(name) if text.strip()]
        return [_scalar(kind.inner, text) for text in texts] or None
    text = request.form.get(name, "").strip()
    if text == "":
        return None
    if isinstance(kind, Instant):
        try:
            return local_instant(text, zone, now).isoformat()
        except ValueError:
            errors.append(FieldError("/" + name.replace(".", "/"), "Must be a time such as 14:05."))
            return None
    return _scalar(kind, text)


def _scalar(kind: fields.Field[Any], text: str) -> Any:
    """`text` as JSON would have said it; what doesn't fit is left for the schema to refuse by name."""
    try:
        if isinstance(kind, fields.Integer):
            return int(text)
        if isinstance(kind, fields.Float):
            return float(text)
    except ValueError:
        return text
    if isinstance(kind, fields.Boolean):
        return _YES_NO.get(text, text)
    return text


def _flat(messages: Any, pointer: str = "") -> list[tuple[str, str]]:
    if isinstance(messages, dict):
        inner = [_flat(m, pointer if name == "_schema" else f"{pointer}/{name}") for name, m in messages.items()]
        return [line for lines in inner for line in lines]
    return [(pointer, str(message)) for message in messages]
