"""Boosters to call: whom do I call next, what happened last time? The front desk's page, live."""

from datetime import datetime, timedelta
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from services.intake.deps import Deps
from services.intake.domain.policies.undo import may_undo
from services.intake.pages.booster_choice import CALLS_CHOICES, EVERYONE, OUTCOME_CHOICES, PRODUCT_CHOICES, Choice
from services.intake.pages.booster_rows import BoosterListRow, Desk, Group, booster_row
from services.intake.pages.booster_sheet import As, sheet_of
from services.intake.pages.booster_tasks import booster_tasks
from services.intake.store import calls
from services.intake.use_cases import reach
from services.intake.use_cases.show_boosters import line_of, show_boosters, today_at
from shared.kernel.errors import NotFound
from shared.kernel.people import Role
from shared.store.unit_of_work import UnitOfWork
from shared.web import context
from shared.web.pages.asked import asked_id
from shared.web.pages.csrf import signed
from shared.web.pages.forms import Typed
from shared.web.pages.live import Board, Viewer, hub
from shared.web.pages.page import page, the_site

blueprint = Blueprint("booster_pages", __name__, template_folder="templates")

NAME = "boosters"
# of those who are due soon, as many as stand on the list of everyone
_FIRST = 5
HEADS = {
    Group.OVERDUE_30: "Over 30 days overdue",
    Group.OVERDUE_8: "8 to 30 days overdue",
    Group.OVERDUE_1: "1 to 7 days overdue",
    Group.DUE_SOON: "Due within 14 days",
    Group.LATER: "Due later",
    Group.COLLEAGUE: "With a colleague",
    Group.HELD: "On hold",
    Group.SNOOZED: "Snoozed",
}
_NOTES = {
    Group.COLLEAGUE: "they decide when the desk calls again",
    Group.HELD: "a clinician decides when they come back",
}
_COUNTED = {
    Group.OVERDUE_30: ("Over 30 days overdue", "stop"),
    Group.OVERDUE_8: ("8 to 30 days", "warn"),
    Group.OVERDUE_1: ("1 to 7 days", "warn"),
    Group.DUE_SOON: ("Due within 14 days", ""),
    Group.LATER: ("Due later", ""),
    Group.COLLEAGUE: ("With a colleague", ""),
    Group.HELD: ("On hold", ""),
    Group.SNOOZED: ("Snoozed", ""),
}
_ONLY_WHEN_THERE = (Group.LATER, Group.COLLEAGUE)
DONE = {
    "recorded": "is saved.",
    "snoozed": "is snoozed.",
    "back": "is back on the list.",
    "undone": "is as before the last outcome.",
    "answered": "is answered.",
}


@blueprint.get("/boosters")
def show() -> Response:
    return render(Typed())


@blueprint.get("/boosters/live")
def live() -> Response:
    return hub().stream(NAME, _viewer(), draw)


def render(typed: Typed, *, opened: UUID | None = None, opened_as: As | None = None) -> Response:
    """The whole page; `opened` is the cycle whose form comes back refused."""
    uow, site, viewer, now = context.uow(), the_site(), _viewer(), context.now()
    after = hub().mark(NAME, viewer)
    listed = _rows(uow, viewer, now)
    board = _board(uow, listed, viewer, now)
    open_id = opened or asked_id("open")
    row = next((row for row in listed if row.line.row.booster_id == open_id), None)
    kind = opened_as or (As.SNOOZE if request.args.get("as") == As.SNOOZE else As.OUTCOME)
    context.open_board("boosters-opened", {site.site_id})
    if open_id is not None and row is None:
        reach.booster(uow, open_id)
    sheet = sheet_of(row, kind, context.deps(Deps), _desk(viewer.site_id, now)) if row and named(viewer) else None
    return page(
        "intake/boosters.html",
        board=board.on_page(),
        groups=[group for group in Group if f"group-{group}" in board.order],
        after=after,
        choice=Choice.of(request.args),
        outcome_choices=OUTCOME_CHOICES,
        calls_choices=CALLS_CHOICES,
        product_choices=PRODUCT_CHOICES,
        typed=typed,
        named=named(viewer),
        sheet=sheet,
        open_row=signed(_drawn(row, viewer, mode="open")) if row and sheet else "",
        # the filters, or "first 5", leave it out: then it stands on top
        stray=sheet is not None and not any(sheet.row.id in ids for ids in board.order.values()),
        closed_row=_closed_row(listed, viewer),
        anybody=bool(listed),
        one_day=timedelta(days=1),
        done=_done(now),
    )


def draw(uow: UnitOfWork, viewer: Viewer, now: datetime) -> Board:
    return _board(uow, _rows(uow, viewer, now), viewer, now)


def named(viewer: Viewer) -> bool:
    """Operations sees how many wait, not who."""
    return not viewer.roles <= {Role.OPERATIONS}


def choice_text() -> str:
    """What this request's address says of the choice, to come back to it."""
    return Choice.of(request.args).text


def _rows(uow: UnitOfWork, viewer: Viewer, now: datetime) -> list[BoosterListRow]:
    deps, desk = _deps(), _desk(viewer.site_id, now)
    lines = show_boosters(uow, viewer.site_id, sites=deps.sites, rules=deps.rules, now=now)
    return [booster_row(line, desk) for line in lines]


def _board(uow: UnitOfWork, listed: list[BoosterListRow], viewer: Viewer, now: datetime) -> Board:
    env, choice = current_app.jinja_env, _choice(viewer)
    rows = [row for row in listed if choice.admits(row)]
    head = env.get_template("intake/booster_head.html")
    parts = {
        "counts": env.get_template("intake/booster_counts.html").render(entries=_counts(rows, choice)),
        "on-list": env.get_template("intake/booster_sum.html").render(
            number=len(rows), callable=sum(not row.folds for row in rows), filtered=choice.filtered
        ),
    }
    order: dict[str, tuple[str, ...]] = {}
    for group in Group:
        of_group = sorted((row for row in rows if row.group is group), key=lambda row: row.rank)
        shown = of_group if choice.shows(group) else []
        if group is Group.DUE_SOON and choice.show == EVERYONE:
            shown = shown[:_FIRST]
        if not named(viewer):
            continue
        parts[f"head-{group}"] = head.render(
            group=group,
            words=HEADS[group],
            number=len(of_group) if shown else 0,
            first=len(shown) if len(shown) < len(of_group) else 0,
            note=_NOTES.get(group, ""),
            all=choice.showing(group).text,
        )
        parts |= {row.id: _drawn(row, viewer) for row in shown}
        order[f"group-{group}"] = (f"head-{group}", *(row.id for row in shown))
    tasks = booster_tasks(uow, viewer, now)
    return Board({**parts, **tasks.parts}, {**order, **tasks.order})


def _drawn(row: BoosterListRow, viewer: Viewer, *, mode: str = "shut") -> str:
    """`mode`: "shut", "open" over its sheet, or "closed" just now, taking the focus back."""
    template = current_app.jinja_env.get_template("intake/booster_row.html")
    return template.render(row=row, mode=mode, choice=_choice(viewer).text)


def _closed_row(rows: list[BoosterListRow], viewer: Viewer) -> tuple[str, str]:
    """The row whose sheet was just shut, by id, drawn to take the focus back; empty without one."""
    shut = asked_id("closed")
    row = next((row for row in rows if row.line.row.booster_id == shut), None)
    return (row.id, signed(_drawn(row, viewer, mode="closed"))) if row else ("", "")


def _counts(rows: list[BoosterListRow], choice: Choice) -> list[tuple[int, str, str, str, bool]]:
    everyone = (len(rows), "Everyone", _address(choice.showing(EVERYONE)), "", choice.show == EVERYONE)
    entries = [everyone]
    for group, (words, tone) in _COUNTED.items():
        number = sum(row.group is group for row in rows)
        if number or group not in _ONLY_WHEN_THERE or choice.show == group:
            entries.append((number, words, _address(choice.showing(group)), tone, choice.show == group))
    return entries


def _address(choice: Choice) -> str:
    return f"/intake/boosters?{choice.text}" if choice.text else "/intake/boosters"


def _viewer() -> Viewer:
    return Viewer.of(context.actor(), the_site().site_id, choice_text())


def _choice(viewer: Viewer) -> Choice:
    return Choice.of(dict(parse_qsl(viewer.choice)))


def _desk(site_id: str, now: datetime) -> Desk:
    deps = _deps()
    return Desk(deps.sites[site_id].zone, today_at(deps.sites, site_id, now), now, deps.rules.calling)


def _deps() -> Deps:
    found: Deps = current_app.deps  # type: ignore[attr-defined]
    return found


def _done(now: datetime) -> tuple[str, str] | None:
    """What the last form did, in words, and where it can be taken back (empty when it can't)."""
    said, booster_id = request.args.get("done", ""), asked_id("of")
    if said not in DONE or booster_id is None or not named(_viewer()):
        return None
    deps, uow = context.deps(Deps), context.uow()
    try:
        row = reach.booster(uow, booster_id)
    except NotFound:
        return None
    line = line_of(uow, row, sites=deps.sites, rules=deps.rules, now=now)
    whose = f"{line.patient.given_name} {line.patient.family_name}" if line.patient else "The patient"
    back = f"/intake/boosters/{booster_id}"
    last = calls.contact_of(uow.session, booster_id).last
    if said == "recorded" and last is not None:
        open_still = line.contact.task is None or line.contact.task.done_at is None
        takes_back = open_still and may_undo(last.made_at, deps.rules.undo, now=now)
        return f"{whose}: the outcome {DONE[said]}", f"{back}/undo" if takes_back else ""
    if said == "snoozed":
        return f"{whose} {DONE[said]}", f"{back}/bring-back" if line.snoozed_until else ""
    return f"{whose} {DONE[said]}" if said != "answered" else f"The question about {whose} {DONE[said]}", ""
