"""Who leaves next, for the front desk: when, with whom, and what the desk can do about it."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from services.discharge.deps import Deps
from services.discharge.pages.leaving_rows import is_soon, leaving
from services.discharge.pages.way_home import mark_here
from services.discharge.use_cases.show_board import show_board
from shared.kernel.people import Role
from shared.store.unit_of_work import UnitOfWork
from shared.web import context
from shared.web.pages.forms import Typed, attempt
from shared.web.pages.live import Board, Viewer, hub
from shared.web.pages.page import own_path, page, the_site
from shared.web.pages.rows import row_html
from shared.web.pages.section import asked_for_alone

blueprint = Blueprint("leaving_page", __name__, template_folder="templates")

NAME = "leaving"
HERE = "/discharge/leaving"
_MARKS = frozenset({Role.FRONT_DESK, Role.NURSE})


@blueprint.get("/leaving")
def show() -> Response:
    return _render(Typed())


@blueprint.get("/leaving/live")
def live() -> Response:
    return hub().stream(NAME, _viewer(), draw)


@blueprint.post("/leaving/<uuid:session_id>/here")
def here(session_id: UUID) -> Response:
    """The desk has seen whoever takes the patient home. Safe to press twice."""

    def act() -> str:
        mark_here(context.uow(), session_id, identified_by=context.actor().name, now=context.now())
        return _came_from()

    return attempt(act, again=_render)


def draw(uow: UnitOfWork, viewer: Viewer, now: datetime) -> Board:
    deps = context.deps(Deps)
    zone = deps.sites[viewer.site_id].zone
    stays = show_board(uow, viewer.site_id, book=deps.book, now=now)
    rows = [leaving(stay, zone=zone, now=now) for stay in stays if stay.is_here]
    rows.sort(key=lambda row: (row.stays_longer, row.earliest_at, row.session_id))
    env, marks = current_app.jinja_env, not _MARKS.isdisjoint(viewer.roles)
    drawn = env.get_template("discharge/leaving_row.html")
    soon = [row for row in rows if is_soon(row, now)]
    later = [row for row in rows if row not in soon]
    words = env.get_template("discharge/leaving_words.html")
    # on a phone the first whom the desk can do something for stays in sight; the others are one press away
    first = next((row for row in soon if marks and row.may_mark), None)
    more = len(soon) - (first is not None)
    parts = {
        "leaving-nobody": words.render(id="leaving-nobody", words="" if soon else "Nobody leaves within 30 minutes."),
        "leaving-more": words.render(id="leaving-more", words=f"{more} more within 30 minutes" if more else ""),
        "leaving-count": words.render(id="leaving-count", words=f"Later today, {len(later)}" if later else ""),
    }
    parts |= {row.id: row_html(drawn, row, zone=zone, marks=marks, folds=row is not first) for row in rows}
    return Board(parts, {"leaving-soon": tuple(r.id for r in soon), "leaving-later": tuple(r.id for r in later)})


def _render(typed: Typed) -> Response:
    viewer, now = _viewer(), context.now()
    after = hub().mark(NAME, viewer)
    board = draw(context.uow(), viewer, now)
    context.open_board("leaving-board-opened", {viewer.site_id})
    template = "discharge/leaving_section.html" if asked_for_alone() else "discharge/leaving.html"
    return page(template, board=board, after=after, typed=typed)


def _viewer() -> Viewer:
    return Viewer.of(context.actor(), the_site().site_id)


def _came_from() -> str:
    """The desk's own page when the button stood there."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host or not parts.path.startswith("/intake/"):
        return HERE
    return own_path(parts.path + (f"?{parts.query}" if parts.query else ""), HERE)
