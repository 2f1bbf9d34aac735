"""OpenAPI 3.1 of the service at `openapi.json`, and a page to read it at `docs` from files beside this code."""

import html
import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app
from flask_smorest import Api
from werkzeug.exceptions import NotFound

from shared.web.access import access_table
from shared.web.openapi import document

_STATIC = Path(__file__).parent / "static"
_SWAGGER = _STATIC / "vendor" / "swagger-ui"
_ASSETS = {
    "swagger-ui.css": (_SWAGGER / "swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": (_SWAGGER / "swagger-ui-bundle.js", "text/javascript"),
    "docs.css": (_STATIC / "docs" / "docs.css", "text/css"),
    "docs.js": (_STATIC / "docs" / "docs.js", "text/javascript"),
}
# only what the page needs: nothing inline, nothing from elsewhere; Swagger's own icons are data: images
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<link rel="stylesheet" href="docs/assets/docs.css">
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/docs.js"></script>
</head>
<body>
<main id="docs"></main>
<noscript><p>The same as a file: <a href="openapi.json">openapi.json</a></p></noscript>
</body>
</html>
"""


def blueprint(api: Api, title: str) -> Blueprint:
    """`openapi.json`, `docs` and the page's assets, for one service's app."""
    made = Blueprint("docs", __name__)
    written: list[str] = []

    @made.get("/openapi.json")
    def openapi() -> Response:
        if not written:
            written.append(text_of(api))
        return Response(written[0], mimetype="application/json")

    @made.get("/docs")
    def page() -> Response:
        answer = Response(_PAGE.format(title=html.escape(title)), mimetype="text/html")
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    @made.get("/docs/assets/<name>")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            raise NotFound
        path, kind = _ASSETS[name]
        answer = Response(_bytes_of(path), mimetype=kind)
        answer.headers["Cache-Control"] = "public, max-age=3600"
        return answer

    return made


def text_of(api: Api) -> str:
    """The current app's document as it is served and committed."""
    found: dict[str, Any] = document(current_app, api, access_table(current_app.name))
    return json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@cache
def _bytes_of(path: Path) -> bytes:
    return path.read_bytes()
