"""What a page's address asks for: which record stands open, which of the board is shown. Nonsense asks for nothing."""

from enum import StrEnum
from uuid import UUID

from flask import request

from shared.web import context
from shared.web.pages.live import Viewer
from shared.web.pages.page import the_site


def asked_id(name: str) -> UUID | None:
    """The id in `?name=`; None without one, or when it isn't an id."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def asked_viewer(shows: type[StrEnum]) -> Viewer:
    """Who looks, at their site, at what `?show=` says; the first of `shows` when it says none of them."""
    asked = request.args.get("show", "")
    choice = asked if asked in list(shows) else next(iter(shows))
    return Viewer.of(context.actor(), the_site().site_id, choice)
