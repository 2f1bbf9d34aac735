"""The door: who is asking, may they call this route, and is what they sent readable at all."""

import json
import re
from typing import Any, NoReturn

from flask import Request, g, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from shared.kernel.errors import FieldError, Forbidden, Unauthenticated, Unreadable
from shared.web.access import Access
from shared.web.tokens import PublicKeys

MAX_BODY_BYTES = 256 * 1024
_MAX_DEPTH = 20
_CONVERTER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


def route_of(method: str, rule: str) -> str:
    """A Flask rule as the access table spells it: "GET /intake/v1/patients/{patient_id}"."""
    path = _CONVERTER.sub(r"{\1}", rule)
    return f"{'GET' if method == 'HEAD' else method} {path}"


class Guard:
    """Checks every request against the access table before any view runs."""

    def __init__(self, table: dict[str, Access], public_keys: PublicKeys) -> None:
        self._table = table
        self._keys = public_keys

    def check(self) -> None:
        """Raises Unauthenticated, Forbidden, Unreadable, or werkzeug's 413 and 415."""
        rule = request.url_rule
        if rule is None or request.method == "OPTIONS" or request.endpoint == "static":
            return  # no such address, wrong method, or a file: Flask answers
        access = self._table.get(route_of(request.method, rule.rule))
        if access is None:
            raise Forbidden("Nobody may call this.")
        if access.roles is not None:
            g.actor = self._keys.actor_of(_bearer(request))
            if g.actor.roles.isdisjoint(access.roles):
                raise Forbidden("Your role may not do this.")
        if request.method in {"POST", "PUT", "PATCH"}:
            _check_body(request)


def _bearer(asked: Request) -> str:
    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send a bearer token in the Authorization header.")
    return token.strip()


def _check_body(asked: Request) -> None:
    if asked.content_length is not None and asked.content_length > MAX_BODY_BYTES:
        raise RequestEntityTooLarge
    body = asked.get_data()
    if not body:
        return
    if asked.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        parsed = json.loads(body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_once_each)
        _check_depth(parsed)
    except UnicodeDecodeError:
        raise Unreadable("The body isn't UTF-8.") from None
    except RecursionError:
        raise Unreadable(f"The body is nested deeper than {_MAX_DEPTH} levels.") from None
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"The body isn't valid JSON{where}.") from None
    if not isinstance(parsed, dict):
        raise Unreadable("The body must be a JSON object.", fields=[FieldError("", "Must be an object.")])


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is named twice")
    return found


def _check_depth(value: Any, depth: int = 0) -> None:
    if depth > _MAX_DEPTH:
        raise RecursionError
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        _check_depth(item, depth + 1)
