"""Is what was sent readable at all? One strict JSON object in UTF-8, of a bounded size, with text that can be kept.

Stricter than Python's parser, which takes NaN, Infinity (also as 1e999) and a field named twice.
"""

import json
import math
import re
from typing import Any, NoReturn

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from shared.kernel.errors import FieldError, Invalid, Unreadable

MAX_BODY_BYTES = 256 * 1024
_MAX_DEPTH = 20
# NUL can't be kept by PostgreSQL, half a surrogate pair by neither store
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NOT_TEXT = "Holds a character that can’t be kept."


def read_body(asked: Request) -> None:
    """Check the body and leave it parsed for the view; raises Unreadable, Invalid, or werkzeug's 413 and 415."""
    if asked.content_length is not None and asked.content_length > MAX_BODY_BYTES:
        raise RequestEntityTooLarge
    # in chunks nobody says how long it is: werkzeug cuts it off at the limit without a word, so look one byte further
    asked.max_content_length = MAX_BODY_BYTES + 1
    body = asked.get_data()
    if len(body) > MAX_BODY_BYTES:
        raise RequestEntityTooLarge
    if not body:
        return
    if asked.mimetype != "application/json":
        raise UnsupportedMediaType
    parsed = _parse(body)
    if not isinstance(parsed, dict):
        raise Unreadable("The body must be a JSON object.", fields=[FieldError("", "Must be an object.")])
    if not _is_plain(body):
        try:
            _check(parsed, "", 0)
        except RecursionError:
            raise _too_deep() from None
    # what was checked is what the view gets: no second parser that might read it otherwise
    asked._cached_json = (parsed, parsed)


def read_form_body(asked: Request) -> None:
    """Check a plain form's fields and leave them parsed; raises Invalid, or werkzeug's 413 and 415."""
    asked.max_content_length = MAX_BODY_BYTES
    if asked.content_length and asked.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType
    for name, value in asked.form.items(multi=True):
        if _UNSTORABLE.search(name) or _UNSTORABLE.search(value):
            raise Invalid(FieldError(f"/{pointer_step(name)}", _NOT_TEXT))


def check_query(asked: Request) -> None:
    """Raises Invalid when a query parameter holds text that can't be kept."""
    if not asked.query_string:
        return
    for name, value in asked.args.items(multi=True):
        if _UNSTORABLE.search(name) or _UNSTORABLE.search(value):
            raise Invalid(FieldError(f"/{pointer_step(name)}", _NOT_TEXT))


def pointer_step(name: str) -> str:
    """A field's name inside a JSON pointer (RFC 6901); what can't be shown is replaced."""
    return _UNSTORABLE.sub("�", name).replace("~", "~0").replace("/", "~1")


def _parse(body: bytes) -> Any:
    try:
        return _JSON.decode(body.decode())
    except UnicodeDecodeError:
        raise Unreadable("The body isn’t UTF-8.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"The body isn’t valid JSON{where}.") from None


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is named twice")
    return found


_JSON = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_once_each)


def _is_plain(body: bytes) -> bool:
    """Whether JSON in UTF-8 can't hold what `_check` looks for: only an escape spells a NUL or half a surrogate pair,
    and nothing is nested deeper than it has brackets."""
    return b"\\u" not in body and body.count(b"{") + body.count(b"[") <= _MAX_DEPTH


def _check(value: Any, pointer: str, depth: int) -> None:
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise Invalid(FieldError(pointer, _NOT_TEXT))
        return
    if isinstance(value, dict):
        if depth >= _MAX_DEPTH:
            raise _too_deep()
        for name, inner in value.items():
            if _UNSTORABLE.search(name):
                raise Invalid(FieldError(f"{pointer}/{pointer_step(name)}", _NOT_TEXT))
            _check(inner, f"{pointer}/{pointer_step(name)}", depth + 1)
    elif isinstance(value, list):
        if depth >= _MAX_DEPTH:
            raise _too_deep()
        for number, inner in enumerate(value):
            _check(inner, f"{pointer}/{number}", depth + 1)


def _too_deep() -> Unreadable:
    return Unreadable(f"The body is nested deeper than {_MAX_DEPTH} levels.")
