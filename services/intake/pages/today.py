"""Today: who comes, who can't start, who leaves next? The front desk's page, live."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from services.intake.deps import Deps
from services.intake.domain.sessions import SessionState
from services.intake.pages.booster_list import MostOverdue, most_overdue
from services.intake.pages.today_rows import Group, Show, TodayRow, shown, today_row
from services.intake.pages.today_sheet import sheet_of
from services.intake.use_cases.show_today import show_today
from shared.kernel.people import Role
from shared.store.unit_of_work import UnitOfWork
from shared.web import context
from shared.web.pages.asked import asked_id, asked_viewer
from shared.web.pages.forms import Typed
from shared.web.pages.live import Board, Viewer, hub
from shared.web.pages.page import page, the_site
from shared.web.pages.rows import row_html

blueprint = Blueprint("today", __name__, template_folder="templates")

NAME = "today"
# what was done, as the address says it after a form: its words, and whether it can be taken back
DONE = {
    "checked-in": ("is checked in.", True),
    "transport": ("has a way home on record.", False),
    "cancelled": ("is cancelled.", True),
    "missed": ("is marked as not having come.", True),
    "undone": ("is back as before.", False),
    "started": ("has started.", False),
    "completed": ("is charted. The recovery board watches from here.", False),
    "corrected": ("is corrected; old and new are kept.", False),
    "booked": ("is booked.", False),
}
_HEADS = {Group.BEFORE: "Before the session", Group.CHAIR: "In a chair", Group.DONE: "Left"}
_NOTES = {Group.CHAIR: "in the order they came"}
# who has left needs nothing more: the rest is one step away
_LATEST = 5
_EMPTY = {
    Show.ALL: "Nobody is booked today. Sessions booked for this day appear here.",
    Show.CANNOT_START: "Nothing is in anybody’s way.",
    Show.BOOKED: "Nobody is still to come.",
    Show.ARRIVED: "Nobody waits.",
    Show.STARTED: "No session is under way before its dose.",
    Show.RECOVERING: "Nobody is in recovery.",
    Show.LEFT: "Nobody has left yet.",
}


@blueprint.get("/today")
def show() -> Response:
    return render(Typed())


@blueprint.get("/today/live")
def live() -> Response:
    return hub().stream(NAME, asked_viewer(Show), draw)


def render(typed: Typed, *, opened: UUID | None = None) -> Response:
    """The whole page; `opened` is the session whose form comes back refused."""
    site, viewer, now = the_site(), asked_viewer(Show), context.now()
    after = hub().mark(NAME, viewer)
    rows = today_rows(context.uow(), viewer, now)
    open_id = opened or asked_id("open")
    board = _board(rows, viewer, most_overdue(context.uow(), site.site_id, now), opened=open_id)
    context.open_board("today-opened", {site.site_id})
    return page(
        "intake/today.html",
        board=board,
        heads=[(group, board.order[f"group-{group}"]) for group in Group],
        after=after,
        show=viewer.choice,
        typed=typed,
        open_id=f"row-{open_id}" if open_id else "",
        sheet=sheet_of(open_id, context.uow(), context.deps(Deps), now=now) if open_id else None,
        row_of={row.id: row for row in rows},
        in_recovery=any(row.line.row.state is SessionState.RECOVERING for row in rows),
        done=_done(rows),
    )


def draw(uow: UnitOfWork, viewer: Viewer, now: datetime) -> Board:
    return _board(today_rows(uow, viewer, now), viewer, most_overdue(uow, viewer.site_id, now))


def today_rows(uow: UnitOfWork, viewer: Viewer, now: datetime) -> list[TodayRow]:
    deps = context.deps(Deps)
    lines = show_today(uow, viewer.site_id, sites=deps.sites, rules=deps.rules, now=now)
    roles = frozenset(Role(role) for role in viewer.roles)
    return [today_row(line, roles=roles, now=now) for line in lines]


def _board(rows: list[TodayRow], viewer: Viewer, overdue: MostOverdue, *, opened: UUID | None = None) -> Board:
    """`opened` is shown even where it is folded away."""
    env, choice = current_app.jinja_env, Show(viewer.choice or "all")
    drawn = env.get_template("intake/today_row.html")
    head = env.get_template("intake/today_head.html")
    counts = env.get_template("intake/today_counts.html")
    zone = context.deps(Deps).sites[viewer.site_id].zone
    named = not viewer.roles <= {Role.OPERATIONS}
    board_parts: Any = env.get_template("board_parts.html").module
    nobody = "" if any(shown(row, choice) for row in rows) else _EMPTY[choice]
    parts = {
        "counts": counts.render(entries=_counts(rows, choice)),
        "nobody": str(board_parts.nobody("", nobody)),
    }
    if named:
        parts["most-overdue"] = env.get_template("intake/most_overdue.html").render(overdue=overdue)
    order: dict[str, tuple[str, ...]] = {}
    for group in Group:
        of_group = [row for row in rows if row.group is group and shown(row, choice)]
        if group is Group.DONE:
            of_group.sort(key=lambda row: row.line.row.left_at or row.line.row.starts_at, reverse=True)
        number, latest = len(of_group), _LATEST if group is Group.DONE and choice is Show.ALL else len(of_group)
        of_group = [r for at, r in enumerate(of_group) if at < latest or r.line.row.session_id == opened]
        folded = number > latest
        note = f"the latest {latest} here" if folded else _NOTES.get(group, "")
        parts[f"head-{group}"] = head.render(group=group, words=_HEADS[group], number=number, note=note, folded=folded)
        parts |= {row.id: row_html(drawn, row, zone=zone, named=named, show=choice) for row in of_group}
        order[f"group-{group}"] = (f"head-{group}", *(row.id for row in of_group)) if of_group else ()
    return Board(parts, order)


def _counts(rows: list[TodayRow], choice: Show) -> list[tuple[int, str, str, str, bool]]:
    words = {
        Show.ALL: "Whole day",
        Show.CANNOT_START: "Can’t start yet",
        Show.BOOKED: "Booked",
        Show.ARRIVED: "Arrived",
        Show.STARTED: "Started",
        Show.RECOVERING: "Recovering",
        Show.LEFT: "Left",
    }
    return [
        (
            sum(shown(row, show) for row in rows),
            words[show],
            "/intake/today" if show is Show.ALL else f"/intake/today?show={show}",
            "stop" if show is Show.CANNOT_START else "",
            show is choice,
        )
        for show in Show
    ]


def _done(rows: list[TodayRow]) -> tuple[str, UUID, bool] | None:
    """What the last form did, in words, with the session and whether it can be taken back."""
    said, session_id = request.args.get("done", ""), asked_id("of")
    row = next((row for row in rows if row.line.row.session_id == session_id), None)
    if said not in DONE or row is None or session_id is None:
        return None
    words, takes_back = DONE[said]
    line = row.line.row
    return f"{line.given_name} {line.family_name} {words}", session_id, takes_back
