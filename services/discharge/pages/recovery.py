"""The recovery board: who needs me now, and what keeps each one here? Nurses chart and release on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from services.discharge.deps import Deps
from services.discharge.domain.states import LIVE
from services.discharge.pages import observation_form as words
from services.discharge.pages.board import Seen, draw, drawn, html_of, seen_by
from services.discharge.pages.board_rows import CLINICAL, BoardRow, Group, Show, board_row, restriction_words
from services.discharge.pages.sheet import Sheet, sheet_of
from services.discharge.store.recoveries import chart_of, find
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.show_board import Stay, stay_of
from services.discharge.use_cases.turns import require_open
from shared.kernel.errors import Forbidden, NotFound
from shared.web import context
from shared.web.pages.asked import asked_id, asked_viewer
from shared.web.pages.forms import Typed
from shared.web.pages.live import Viewer, hub
from shared.web.pages.page import page, the_site
from shared.web.pages.words import clock

blueprint = Blueprint("recovery", __name__, template_folder="templates")

NAME = "recovery"
_DONE = {
    "observations": "Observation saved.",
    "transport": "The way home is changed; old and new are kept.",
    "instructions": "Who acknowledged the instructions is kept.",
    "check": "The suicide-risk check is recorded.",
    "acknowledgements": "The emergency is acknowledged in your name.",
    "released": "Released.",
    "left-against-advice": "Recorded as left against advice. A clinician is paged.",
}


@dataclass(frozen=True, slots=True)
class Done:
    """What the last form did; `left` is the recovery that it ended."""

    words: str
    left: RecoveryRow | None = None


@blueprint.get("/recovery")
def show() -> Response:
    return render(Typed())


@blueprint.get("/recovery/live")
def live() -> Response:
    return hub().stream(NAME, asked_viewer(Show), draw)


@blueprint.get("/recoveries/<uuid:session_id>/beside")
def beside(session_id: UUID) -> Response:
    """What stands beside an open form, read again when somebody else charted."""
    return _fragment("discharge/beside.html", session_id)


@blueprint.get("/recoveries/<uuid:session_id>/criteria")
def criteria(session_id: UUID) -> Response:
    return _fragment("discharge/criteria.html", session_id)


def render(typed: Typed, *, form: str = "", opened: UUID | None = None) -> Response:
    """The whole page. `form` of the session `opened` comes back refused, with what was `typed`."""
    viewer, now = asked_viewer(Show), context.now()
    after = hub().mark(NAME, viewer)
    seen = seen_by(viewer, context.uow(), now)
    open_id = opened or asked_id("open")
    row = _opened_row(seen, open_id, viewer, now) if open_id else None
    board = drawn(seen, viewer)
    was = next((each for each in seen.rows if each.session_id == asked_id("was")), None)
    parts = dict(board.parts)
    if was is not None and was.id in parts:
        parts[was.id] = html_of(was, viewer, takes_focus=True)
    context.open_board("recovery-board-opened", {viewer.site_id})
    shown: dict[str, Any] = {"sheet": None, "open_id": "", "opened": "", "edge": ""}
    if row is not None:
        shown = _shown(row.stay, now) | {
            "open_id": row.id,
            "opened": html_of(row, viewer, is_open=True),
            "edge": row.face.edge,
        }
    return page(
        "discharge/recovery.html",
        board={"parts": parts},
        groups=[(group, _with_opened(board.order[f"group-{group}"], group, row)) for group in Group],
        after=after,
        show=viewer.choice,
        typed=typed,
        form=form,
        labels=words.LABELS,
        done=_done(),
        scores_open=any(name.split(".")[0] in {"aldrete", "padss", "cadss", "cadss_6"} for name in _named(typed)),
        **shown,
    )


def stay_now(session_id: UUID) -> Stay:
    """One recovery as the reader may see it; raises NotFound."""
    uow = context.uow()
    row = find(uow.session, session_id, context.actor())
    require_open(row)
    return stay_of(row, chart_of(uow.session, row), context.deps(Deps).book, context.now())


def _fragment(template: str, session_id: UUID) -> Response:
    stay = stay_now(session_id)
    _audit(stay)
    return page(template, typed=Typed(), form="", show="all", **_shown(stay, context.now()))


def _shown(stay: Stay, now: datetime) -> dict[str, Any]:
    """What the sheet's templates need of one recovery."""
    zone = the_site().zone
    sheet: Sheet = sheet_of(stay, zone=zone, now=now)
    return {
        "sheet": sheet,
        "restriction": restriction_words(stay.row.restriction_earliest_end_at, zone, now),
        "now_word": "left" if stay.row.left_at else "now",
        "moaas": words.MOAAS,
        "nausea": words.NAUSEA,
        "yes_no": words.YES_NO,
        "flags": words.FLAGS,
        "symptoms": words.SYMPTOM_WORDS,
        "grades": words.GRADES,
        "aldrete": words.ALDRETE,
        "padss": words.PADSS,
    }


def _opened_row(seen: Seen, session_id: UUID, viewer: Viewer, now: datetime) -> BoardRow | None:
    """The row whose sheet is open; also one that left, or is at another of the reader's sites' boards: not here."""
    if CLINICAL.isdisjoint(context.actor().roles):
        raise Forbidden("Your role sees the board, not the charts on it.")
    row = next((each for each in seen.rows if each.session_id == session_id), None)
    if row is None:
        row = board_row(stay_now(session_id), roles=context.actor().roles, zone=the_site().zone, now=now)
    _audit(row.stay)
    return row


def _with_opened(ids: tuple[str, ...], group: Group, row: BoardRow | None) -> tuple[str, ...]:
    """A row that the filter leaves out stays in sight while its sheet is open."""
    if row is None or row.group is not group or row.id in ids:
        return ids
    return (*(ids or (f"head-{group}",)), row.id)


def _audit(stay: Stay) -> None:
    row = stay.row
    context.audit_read("recovery-read", patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id)


def _done() -> Done | None:
    said = request.args.get("done", "")
    if said not in _DONE or request.method != "GET":
        return None
    left, session_id = None, asked_id("of")
    if session_id is not None and not CLINICAL.isdisjoint(context.actor().roles):
        try:
            left = find(context.uow().session, session_id, context.actor())
        except NotFound:
            left = None
    if left is None or left.state in LIVE or left.left_at is None:
        return Done(_DONE[said])
    zone, now = the_site().zone, context.now()
    until = restriction_words(left.restriction_earliest_end_at, zone, now)
    told = f"{_DONE[said]} Left at {clock(left.left_at, zone)}; no driving until at least {until}."
    return Done(told, left)


def _named(typed: Typed) -> set[str]:
    return {*typed.errors, *(name for name, value in typed.values.items() if value)}
