"""Escalations: what a person must look at, worst first, by when; acknowledged and resolved in place. Live."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from services.maintenance.api.schemas import NoBody, ResolutionBody
from services.maintenance.deps import Deps
from services.maintenance.domain.escalations import EscalationState
from services.maintenance.pages.escalation_rows import Group, Line, Show, in_order, shown
from services.maintenance.store import escalations
from services.maintenance.store.tables import EscalationRow
from services.maintenance.use_cases.acknowledge_escalation import acknowledge_escalation
from services.maintenance.use_cases.escalation_for import escalation_for
from services.maintenance.use_cases.resolve_escalation import resolve_escalation
from shared.store.unit_of_work import UnitOfWork
from shared.web import context
from shared.web.pages import board
from shared.web.pages.asked import asked_id, asked_viewer
from shared.web.pages.forms import Typed, attempt, parsed
from shared.web.pages.live import Board, Viewer, hub
from shared.web.pages.page import page, zone

blueprint = Blueprint("escalations_board", __name__, template_folder="templates")

NAME = "escalations"
_RESOLVED_FOR = timedelta(days=7)
_HEADS = {Group.OPEN: "Open", Group.ACKNOWLEDGED: "Acknowledged", Group.RESOLVED: "Resolved in the last 7 days"}
_DONE = {
    "acknowledged": "It is yours: nobody further is called. A hold stays until it is resolved.",
    "resolved": "Resolved. When nothing else holds the plan, the ladder runs again.",
}
_COUNTS = (
    board.Count(Show.ALL, "Everything"),
    board.Count(Show.OVERDUE, "Overdue", "stop"),
    board.Count(Show.OPEN, "Open", "warn"),
    board.Count(Show.ACKNOWLEDGED, "Acknowledged, not resolved"),
)
_EMPTY = {
    Show.ALL: "Nothing to look at. Answers, scores and wishes that need a person appear here.",
    Show.OVERDUE: "Nothing is overdue.",
    Show.OPEN: "Nothing is open.",
    Show.ACKNOWLEDGED: "Nothing waits to be resolved.",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """The escalation whose sheet is open; `note` is what was written when it was resolved, empty when nothing was."""

    row: EscalationRow
    note: str


@blueprint.get("/escalations")
def show() -> Response:
    return _render(Typed())


@blueprint.get("/escalations/live")
def live() -> Response:
    return hub().stream(NAME, asked_viewer(Show), draw)


@blueprint.post("/escalations/<uuid:escalation_id>/acknowledgements")
def acknowledge(escalation_id: UUID) -> Response:
    escalation_for(context.uow(), escalation_id)

    def act() -> str:
        parsed(NoBody, zone=zone(), now=context.now())
        acknowledge_escalation(context.uow(), escalation_id, now=context.now())
        return f"/maintenance/escalations?done=acknowledged&open={escalation_id}"

    return attempt(act, again=lambda typed: _render(typed, opened=escalation_id))


@blueprint.post("/escalations/<uuid:escalation_id>/resolutions")
def resolve(escalation_id: UUID) -> Response:
    escalation_for(context.uow(), escalation_id)

    def act() -> str:
        deps, now = context.deps(Deps), context.now()
        note = parsed(ResolutionBody, zone=zone(), now=now)["note"]
        resolve_escalation(
            context.uow(), escalation_id, note, rules=deps.rules, sites=deps.sites, sealer=deps.sealer, now=now
        )
        return "/maintenance/escalations?done=resolved"

    return attempt(act, again=lambda typed: _render(typed, opened=escalation_id))


def draw(uow: UnitOfWork, viewer: Viewer, now: datetime) -> Board:
    return _drawn(_lines(uow, viewer, now), viewer, now)


def _render(typed: Typed, *, opened: UUID | None = None) -> Response:
    viewer, now = asked_viewer(Show), context.now()
    after = hub().mark(NAME, viewer)
    lines = _lines(context.uow(), viewer, now)
    sheet = _opened(opened or asked_id("open"), lines)
    context.open_board("escalations-opened", {viewer.site_id})
    return page(
        "maintenance/escalations.html",
        board=_drawn(lines, viewer, now).on_page(),
        after=after,
        show=viewer.choice,
        typed=typed,
        sheet=sheet,
        open_id=f"row-{sheet.row.escalation_id}" if sheet else "",
        line_of={line.id: line for line in lines},
        done=_DONE.get(request.args.get("done", ""), ""),
    )


def _lines(uow: UnitOfWork, viewer: Viewer, now: datetime) -> list[Line]:
    rows = escalations.on_board(uow.session, viewer.site_id, resolved_since=now - _RESOLVED_FOR)
    return in_order(rows, context.deps(Deps).rules.escalation, now=now)


def _drawn(lines: list[Line], viewer: Viewer, now: datetime) -> Board:
    choice, zone = Show(viewer.choice), context.deps(Deps).sites[viewer.site_id].zone
    row = current_app.jinja_env.get_template("maintenance/escalation_row.html")
    groups = []
    for group, words in _HEADS.items():
        of_group = [line for line in lines if line.group is group and shown(line, choice)]
        rows = {line.id: row.render(line=line, zone=zone, now=now, show=choice) for line in of_group}
        groups.append(board.Group(group, words, rows))
    return board.board_of(
        "/maintenance/escalations",
        counts=_COUNTS,
        number=lambda show: sum(shown(line, Show(show)) for line in lines),
        choice=choice,
        groups=groups,
        columns=6,
        nobody=_EMPTY[choice],
    )


def _opened(escalation_id: UUID | None, lines: list[Line]) -> Opened | None:
    """The one asked for when it stands on this board; looking at it is entered in the patient's audit."""
    row = next((line.row for line in lines if line.row.escalation_id == escalation_id), None)
    if row is None:
        return None
    context.audit_read("escalation-read", patient_id=row.patient_id, record_id=row.escalation_id, site_id=row.site_id)
    sealed = row.note_sealed if row.state is EscalationState.RESOLVED else None
    place = escalations.note_place(row.escalation_id)
    return Opened(row, "" if sealed is None else context.deps(Deps).sealer.open_text(sealed, bound_to=place))
