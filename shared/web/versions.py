"""Versions on the wire: `ETag` from the row's version, `If-Match` to change it, `If-None-Match` to save a download."""

import hashlib
from typing import Any

from flask import Response, jsonify, request
from werkzeug.http import parse_etags

from shared.kernel.errors import Stale, VersionMissing


def versioned(body: Any, version: int) -> tuple[Any, int, dict[str, str]]:
    """`body` with the record's version as its ETag; for GET, PUT and action POSTs (status 200)."""
    return body, 200, {"ETag": f'"{version}"'}


def created(body: Any, version: int) -> tuple[Any, int, dict[str, str]]:
    """The same for a record that was just made (status 201)."""
    return body, 201, {"ETag": f'"{version}"'}


def require_match(version: int) -> None:
    """Check `If-Match` against the record's version: VersionMissing (428) without one, Stale (412) with another.

    Several tags and `*` are understood. A weak tag never matches: a change needs the very version that was read.
    """
    if not request.headers.get("If-Match", "").strip():
        raise VersionMissing("Say which version you change: send the record’s ETag as If-Match.")
    tags = parse_etags(request.headers["If-Match"])
    if not tags.contains(str(version)):
        raise Stale("The record has changed since you read it. Read it again, then change it.")


def conditional(body: dict[str, Any]) -> Response:
    """`body` with an ETag of its content; 304 when the caller already has it. For what portals poll."""
    response = jsonify(body)
    digest = hashlib.sha256(response.get_data()).hexdigest()[:32]
    response.set_etag(digest)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
