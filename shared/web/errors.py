"""Errors on the wire: RFC 9457 problems. The only place that knows HTTP codes."""

from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, current_app, g, json, request
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from shared.kernel import errors
from shared.kernel.decision import Reason
from shared.observability.logging import frames_of, get_logger
from shared.web.guard import route_of
from shared.web.pages.away import AWAY
from shared.web.pages.page import may, page, speaks_html, to_sign_in, who_may
from shared.web.reading import pointer_step

_log = get_logger(__name__)

_STATUS: tuple[tuple[type[errors.AfterglowError], int], ...] = (
    (errors.Unreadable, 400),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Stale, 412),
    (errors.Invalid, 422),
    (errors.VersionMissing, 428),
    (errors.Unavailable, 503),
)
_HTTP_PROBLEMS = {
    400: ("unreadable", "The request can’t be read."),
    404: ("not-found", "There is nothing at this address."),
    405: ("method-not-allowed", "This address doesn’t take that method."),
    406: ("not-acceptable", "Only JSON is served here."),
    411: ("length-required", "Say how long the body is."),
    413: ("too-large", "The body is larger than this service accepts."),
    415: ("unsupported-media-type", "Send the body as application/json."),
    422: ("invalid", "Some fields can’t be accepted."),
    500: ("internal", "Something went wrong here. Nothing was changed."),
}
_RETRY_AFTER_SECONDS = "2"


def register_errors(app: Flask) -> None:
    app.register_error_handler(errors.AfterglowError, _afterglow)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _lost_race)
    app.register_error_handler(IntegrityError, _lost_race)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(DBAPIError, _other_database_error)
    app.register_error_handler(TimeoutError, _database_away)
    app.register_error_handler(Exception, _bug)


def problem(status: int, code: str, title: str, **members: Any) -> Response:
    if speaks_html():
        response = _page_of(status, title, members)
    else:
        body = {"type": f"urn:afterglow:problem:{code}", "title": title, "status": status, **members}
        response = current_app.response_class(json.dumps(body), status, mimetype="application/problem+json")
    if status == 503:
        response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="afterglow"'
    if status == 413:
        response.headers["Connection"] = "close"  # what follows on this connection is the rest of that body
    return response


def _page_of(status: int, title: str, members: dict[str, Any]) -> Response:
    """The same for a person: what happened, what was kept, what to do next."""
    if status == 401 and request.method == "GET" and "HX-Request" not in request.headers:
        return to_sign_in()
    fields, away = members.get("errors", []), AWAY.get(current_app.name) if status == 503 else None
    return page(
        "error.html", status=status, code=status, title=title, fields=fields, open_to=_open_to(status), away=away
    )


def _open_to(status: int) -> list[str]:
    """Who may open what this reader's role may not."""
    if status != 403 or request.url_rule is None or "actor" not in g:
        return []
    route = route_of(request.method, request.url_rule.rule)
    return [] if may(route, g.actor) else who_may(route)


def reason_body(reason: Reason) -> dict[str, Any]:
    """A reason on the wire; `remaining_seconds` is whole, rounded up, null when time alone won't settle it."""
    remaining = None if reason.remaining is None else -int(-reason.remaining.total_seconds() // 1)
    return {"code": reason.code, "message": reason.message, "remaining_seconds": remaining}


def _afterglow(error: errors.AfterglowError) -> Response:
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    members: dict[str, Any] = {}
    if error.fields:
        members["errors"] = [{"pointer": field.pointer, "detail": field.message} for field in error.fields]
    if isinstance(error, errors.Refused):
        members["reasons"] = [reason_body(reason) for reason in error.decision.reasons]
    return problem(status, error.code, error.message, **members)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code, title = _HTTP_PROBLEMS.get(status, ("error", error.name))
    members: dict[str, Any] = {}
    messages = (getattr(error, "data", None) or {}).get("messages")
    if isinstance(messages, dict):
        members["errors"] = [{"pointer": p, "detail": m} for p, m in _pointers(messages)]
    response = problem(status, code, title, **members)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _pointers(messages: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Marshmallow's nested messages as JSON pointers; the outermost level names where the field was looked for."""
    for place, found in messages.items():
        yield from _walk(found, "" if place in {"json", "query", "json_or_form"} else f"/{place}")


def _walk(found: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(found, dict):
        for name, inner in found.items():
            yield from _walk(inner, pointer if name == "_schema" else f"{pointer}/{pointer_step(str(name))}")
    elif isinstance(found, list):
        for message in found:
            yield pointer, str(message)
    else:
        yield pointer, str(found)


def _lost_race(error: Exception) -> Response:
    _log.info("lost a race", error=type(error).__name__)
    return problem(409, "conflict", "Somebody else changed this at the same moment. Read it again, then repeat.")


def _unstorable(error: DataError) -> Response:
    return problem(422, "invalid", "A value can’t be kept: too long, too large, or with a character that isn’t text.")


def _database_away(error: Exception) -> Response:
    _log.warning("database is away", error=type(error).__name__)
    return problem(503, "unavailable", "The database is away for a moment. Nothing was changed; try again.")


def _other_database_error(error: DBAPIError) -> Response:
    return _database_away(error) if error.connection_invalidated else _bug(error)


def _bug(error: Exception) -> Response:
    # the traceback's text may hold a patient's words: log where it happened, never what was in it
    _log.error("unexpected error", error=type(error).__name__, frames=frames_of(error))
    code, title = _HTTP_PROBLEMS[500]
    return problem(500, code, title)
