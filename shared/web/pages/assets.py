"""Styles, scripts and fonts: beside this code, named by what is in them, packed once and kept for a year. And icons."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

_STATIC = Path(__file__).parents[1] / "static"
_VENDOR = _STATIC / "vendor"
_FILES: dict[str, Path | tuple[Path, ...]] = {
    "afterglow.css": _STATIC / "afterglow.css",
    # one script: htmx then begins when all that extends it stands, in a task of its own after the page's first layout
    "afterglow.js": (
        *(_VENDOR / "htmx" / f"{part}.min.js" for part in ("htmx", "hx-csp", "hx-sse")),
        _STATIC / "afterglow.js",
    ),
    # only where a page asks for them (data-needs)
    "patient.js": _STATIC / "patient.js",
    "charts.js": _STATIC / "charts.js",
    "operations.js": _STATIC / "operations.js",
    "mark.svg": _STATIC / "mark.svg",
    "tabler.css": _VENDOR / "tabler" / "tabler.min.css",
    "uplot.js": _VENDOR / "uplot" / "uPlot.iife.min.js",
    "uplot.css": _VENDOR / "uplot" / "uPlot.min.css",
    "inter.woff2": _VENDOR / "inter" / "inter-latin-wght-normal.woff2",
    "inter-ext.woff2": _VENDOR / "inter" / "inter-latin-ext-wght-normal.woff2",
}
_ICONS = _VENDOR / "tabler-icons"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_PACKED = {".css", ".js", ".svg"}
_NAMED_IN_CSS = re.compile(rb"asset\(([a-z0-9.-]+)\)")
# what an icon draws; the set's own invisible square around it is left out
_STROKES = re.compile(r'<path d="([^"]+)" */>')


@dataclass(frozen=True, slots=True)
class Asset:
    """`served_as` carries a fingerprint of the content, so that a browser may keep it for ever."""

    served_as: str
    kind: str
    content: bytes
    packed: bytes | None


@cache
def asset(name: str) -> Asset:
    """The asset of that plain name ("afterglow.css"); raises KeyError for another."""
    found = _FILES[name]
    content = found.read_bytes() if isinstance(found, Path) else b";\n".join(part.read_bytes() for part in found)
    stem, _, suffix = name.rpartition(".")
    if suffix == "css":
        # beside the style sheet under the same fingerprinted scheme, whichever service serves it
        content = _NAMED_IN_CSS.sub(lambda found: f'url("{asset(found[1].decode()).served_as}")'.encode(), content)
    fingerprint = hashlib.sha256(content).hexdigest()[:10]
    packed = gzip.compress(content, mtime=0) if f".{suffix}" in _PACKED else None
    return Asset(f"{stem}.{fingerprint}.{suffix}", _KINDS[f".{suffix}"], content, packed)


@cache
def icon_path(name: str) -> str:
    """What the vendored icon of that name draws, in a square of 24, as one path; raises KeyError for another."""
    try:
        drawing = (_ICONS / f"{name}.svg").read_text()
    except FileNotFoundError as error:
        raise KeyError(f"there is no icon {name!r} in the vendored set") from error
    return "".join(_STROKES.findall(drawing))


def blueprint() -> Blueprint:
    made = Blueprint("assets", __name__)

    @made.get("/assets/<name>")
    def serve(name: str) -> Response:
        found = _by_served_name().get(name)
        if found is None:
            raise NotFound
        packed = found.packed if "gzip" in request.headers.get("Accept-Encoding", "") else None
        answer = Response(packed or found.content, content_type=found.kind)
        if packed:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer

    return made


@cache
def _by_served_name() -> dict[str, Asset]:
    found = [asset(name) for name in _FILES]
    return {one.served_as: one for one in found}
