"""Windows: who wants contact, whose window closes tonight with nothing in it, whose opens today. Live."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from services.integration.deps import Deps
from services.integration.domain.task import TaskState
from services.integration.pages.window_rows import (
    CARE,
    CLOSED_FOR,
    HEADS,
    Group,
    Line,
    Seen,
    Show,
    line_of,
    session_words,
    shown,
)
from services.integration.pages.window_sheet import sheet_of
from services.integration.store import kap_appointments, tasks, windows
from services.integration.store.tables import TaskRow
from services.integration.use_cases.visible import window_for
from shared.kernel.errors import NotFound
from shared.kernel.people import Role
from shared.store.unit_of_work import UnitOfWork
from shared.web import context
from shared.web.pages import board
from shared.web.pages.asked import asked_id, asked_viewer
from shared.web.pages.forms import Typed
from shared.web.pages.live import Board, Viewer, hub
from shared.web.pages.page import page, the_site

blueprint = Blueprint("windows_board", __name__, template_folder="templates")

NAME = "windows"
_DONE = {
    "task": "That is done, in your name.",
    "booked": "Psychotherapy is booked.",
    "attendance": "Attendance is recorded.",
    "cancelled": "The appointment is cancelled.",
    "step": "The step is kept.",
    "outcome": "The outcome is kept.",
}
_COUNTS = (
    board.Count(Show.ALL, "All windows"),
    board.Count(Show.CONTACT, "Want contact", "stop"),
    board.Count(Show.TONIGHT, "Close tonight, nothing yet", "warn"),
    board.Count(Show.OPENING, "Opening today"),
    board.Count(Show.OPEN, "Open now"),
    board.Count(Show.NO_TALK, "No psychotherapy booked", "warn"),
    board.Count(Show.TO_OFFER, "Closed without, to offer"),
)
_EMPTY = {
    Show.ALL: "No windows. They appear when patients have left after a session.",
    Show.CONTACT: "Nobody waits for contact.",
    Show.TONIGHT: "No window closes tonight without an entry.",
    Show.OPENING: "No window opens today.",
    Show.OPEN: "No window is open.",
    Show.NO_TALK: "Psychotherapy is booked for every window.",
    Show.TO_OFFER: "Nobody waits for an offer of psychotherapy.",
}


@blueprint.get("/windows")
def show() -> Response:
    return render(Typed())


@blueprint.get("/windows/live")
def live() -> Response:
    return hub().stream(NAME, asked_viewer(Show), draw)


def render(typed: Typed, *, opened: UUID | None = None, form: str = "") -> Response:
    """The whole page; `opened` is the session whose `form` comes back refused."""
    viewer, now = asked_viewer(Show), context.now()
    after = hub().mark(NAME, viewer)
    lines = lines_of(context.uow(), viewer, now)
    open_id = (opened or asked_id("open")) if not CARE.isdisjoint(viewer.roles) else None
    sheet = None
    if open_id is not None:
        row = _openable(open_id)
        sheet = None if row is None else sheet_of(row, form=form)
        if row is not None and open_id not in {line.session_id for line in lines if shown(line, Show(viewer.choice))}:
            # asked for by its address: also one that the filter, or time, has put off the board
            viewer = replace(viewer, choice=Show.ALL.value)
            if open_id not in {line.session_id for line in lines}:
                lines.append(_line(_seen(context.uow(), [row], ())[0], viewer, now))
    context.open_board("windows-opened", {viewer.site_id})
    return page(
        "integration/windows.html",
        board=drawn(lines, viewer, now).on_page(),
        after=after,
        show=viewer.choice,
        typed=typed,
        form=form,
        open_id=f"row-{open_id}" if sheet else "",
        edge=next((line.edge for line in lines if line.session_id == open_id), ""),
        sheet=sheet,
        done=_DONE.get(request.args.get("done", ""), ""),
    )


def draw(uow: UnitOfWork, viewer: Viewer, now: datetime) -> Board:
    return drawn(lines_of(uow, viewer, now), viewer, now)


def lines_of(uow: UnitOfWork, viewer: Viewer, now: datetime) -> list[Line]:
    """Every window of the board, in the order in which they close."""
    waiting = list(uow.session.scalars(tasks.of_sites({viewer.site_id}, state=TaskState.OPEN, patient_id=None)))
    rows = windows.on_board(
        uow.session,
        viewer.site_id,
        closed_since=now - CLOSED_FOR,
        with_open_tasks=[task.session_id for task in waiting],
    )
    return [_line(seen, viewer, now) for seen in _seen(uow, rows, waiting)]


def drawn(lines: list[Line], viewer: Viewer, now: datetime) -> Board:
    env, choice = current_app.jinja_env, Show(viewer.choice)
    zone = context.deps(Deps).sites[viewer.site_id].zone
    template = env.get_template("integration/window_row.html")
    named = not CARE.isdisjoint(viewer.roles)
    of_choice = [line for line in lines if shown(line, choice)]

    def row(line: Line) -> str:
        session = session_words(line.seen.row, zone, now)
        return template.render(line=line, zone=zone, now=now, named=named, show=choice, session=session)

    groups = []
    for group, (words, note) in HEADS.items():
        of_group = [line for line in of_choice if line.group is group]
        if group is Group.CLOSED:
            of_group.reverse()
        groups.append(board.Group(group, words, {line.id: row(line) for line in of_group}, note))
    return board.board_of(
        "/integration/windows",
        # what people asked for and what is booked is not everybody's to count
        counts=[count for count in _COUNTS if named or count.show not in {Show.CONTACT, Show.NO_TALK, Show.TO_OFFER}],
        number=lambda show: sum(shown(line, Show(show)) for line in lines),
        choice=choice,
        groups=groups,
        columns=8,
        nobody=_EMPTY[choice],
    )


def _seen(uow: UnitOfWork, rows: list[Any], waiting: Any) -> list[Seen]:
    ids = [row.session_id for row in rows]
    around, talks = windows.around(uow.session, ids), kap_appointments.slots_of(uow.session, ids)
    asked: dict[UUID, list[TaskRow]] = defaultdict(list)
    for task in waiting:
        asked[task.session_id].append(task)
    return [Seen(row, around[row.session_id], talks.get(row.session_id, []), asked[row.session_id]) for row in rows]


def _line(seen: Seen, viewer: Viewer, now: datetime) -> Line:
    site = context.deps(Deps).sites[viewer.site_id]
    _, day_ends_at = site.day_bounds(site.local_day(now))
    roles = frozenset(Role(role) for role in viewer.roles)
    return line_of(seen, roles=roles, zone=site.zone, day_ends_at=day_ends_at, now=now)


def _openable(session_id: UUID) -> Any:
    try:
        row = window_for(context.uow(), session_id)
    except NotFound:
        return None
    return row if row.site_id == the_site().site_id else None
