"""The recovery board as named parts: drawn once for the page and for all who watch it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from markupsafe import Markup

from services.discharge.deps import Deps
from services.discharge.pages.board_rows import BoardRow, Group, Show, board_row, in_order, median_stay, shown
from services.discharge.store.charts import charts_of
from services.discharge.use_cases.show_board import show_board, show_left, stay_of, stays_of_left
from shared.kernel.people import Role
from shared.store.unit_of_work import UnitOfWork
from shared.web.context import deps
from shared.web.pages.live import Board, Viewer
from shared.web.pages.rows import row_html
from shared.web.pages.words import count

HEADS = {
    Group.ESCALATED: "Escalated",
    Group.READY: "Ready to leave",
    Group.RECOVERING: "Recovering",
    Group.LEFT: "Left today",
}
_IN_CHAIRS = Markup('<span id="in-chairs" data-part>{} of {} in recovery</span>')
_EMPTY = {
    Show.ALL: "Nobody is in recovery. Sessions started today appear here once the dose is charted.",
    Show.ESCALATED: "Nobody is escalated.",
    Show.READY: "Nobody meets all criteria yet.",
    Show.DUE: "No observation is due.",
    Show.BLOCKED: "Nobody is kept past the observation time.",
    Show.LEFT: "Nobody has left today.",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """Everybody in recovery, as much of each as the viewer may see; `stays` is how long those who left were here."""

    rows: list[BoardRow]
    stays: list[timedelta]


def draw(uow: UnitOfWork, viewer: Viewer, now: datetime) -> Board:
    return drawn(seen_by(viewer, uow, now), viewer)


def seen_by(viewer: Viewer, uow: UnitOfWork, now: datetime) -> Seen:
    own = deps(Deps)
    site = own.sites[viewer.site_id]
    stays = show_board(uow, viewer.site_id, book=own.book, now=now)
    day = site.local_day(now)
    if viewer.choice == Show.LEFT:
        left = show_left(uow, site, day=day)
        known = {stay.row.session_id for stay in stays}
        charts = charts_of(uow.session, left)
        gone = [stay_of(row, chart, own.book, now) for row, chart in zip(left, charts, strict=True)]
        stays += [stay for stay in gone if stay.row.session_id not in known]
    roles = frozenset(Role(role) for role in viewer.roles)
    rows = [board_row(stay, roles=roles, zone=site.zone, now=now) for stay in stays]
    return Seen(in_order(rows), stays_of_left(uow, site, own.book, day=day))


def drawn(seen: Seen, viewer: Viewer) -> Board:
    env, choice, site = current_app.jinja_env, Show(viewer.choice), deps(Deps).sites[viewer.site_id]
    head = env.get_template("discharge/group_head.html")
    of_choice = [row for row in seen.rows if shown(row, choice)]
    here = sum(row.stay.is_here for row in seen.rows)
    parts = {
        "counts": env.get_template("discharge/counts.html").render(entries=_counts(seen, choice)),
        "in-chairs": str(_IN_CHAIRS.format(here, count(len(site.chairs), "chair"))),
        "nobody": env.get_template("discharge/nobody.html").render(words="" if of_choice else _EMPTY[choice]),
    }
    order: dict[str, tuple[str, ...]] = {}
    for group, words in HEADS.items():
        of_group = [row for row in of_choice if row.group is group]
        parts[f"head-{group}"] = head.render(group=group, words=words, number=len(of_group))
        parts |= {row.id: html_of(row, viewer) for row in of_group}
        order[f"group-{group}"] = (f"head-{group}", *(row.id for row in of_group)) if of_group else ()
    return Board(parts, order)


def html_of(row: BoardRow, viewer: Viewer, *, is_open: bool = False, takes_focus: bool = False) -> str:
    """A row; the boards that are pushed hold it closed, and each page keeps its own open one open."""
    template = current_app.jinja_env.get_template("discharge/row.html")
    return row_html(template, row.face, show=viewer.choice, is_open=is_open, takes_focus=takes_focus)


def _counts(seen: Seen, choice: Show) -> list[tuple[int | str, str, str, str, bool]]:
    words = {
        Show.ALL: ("In recovery", ""),
        Show.ESCALATED: ("Escalated", "stop"),
        Show.READY: ("Ready to leave", "ok"),
        Show.DUE: ("Observation due", "warn"),
        Show.BLOCKED: ("Blocked past 120 min", ""),
    }
    found: list[tuple[int | str, str, str, str, bool]] = [
        (
            sum(shown(row, show) for row in seen.rows if row.stay.is_here or row.group is Group.ESCALATED),
            label,
            "/discharge/recovery" if show is Show.ALL else f"/discharge/recovery?show={show}",
            tone,
            show is choice,
        )
        for show, (label, tone) in words.items()
    ]
    left = f"/discharge/recovery?show={Show.LEFT}"
    return [*found, (median_stay(seen.stays), "Median stay", left, "", choice is Show.LEFT)]
