"""`boards/today`: who comes, who can't start, who is in a chair."""

from datetime import datetime
from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.intake.api.answers import TodayBoard
from services.intake.api.readers import may_read_names
from services.intake.api.session_view import ADULT
from services.intake.deps import Deps
from services.intake.use_cases.show_today import BoardLine, show_today
from shared.contracts.fields import instant_text
from shared.web import context
from shared.web.paging import Asked

blueprint = Blueprint("boards", __name__, description="What the front desk looks at.")


@blueprint.route("/boards/today", methods=["GET"])
@blueprint.arguments(Asked, location="query")
@blueprint.response(200, TodayBoard)
def today(_: dict[str, Any]) -> Response:
    """The local day of the asked sites, by site and booked start. One audit row a reader, site and day.

    Dumped by hand: a board is read every few seconds at every desk, and schemas cost more than the query.
    """
    deps, sites = context.deps(Deps), context.requested_sites()
    view = _named if may_read_names(context.actor()) else _nameless
    items = [
        view(line)
        for site_id in sorted(sites & deps.sites.keys())
        for line in show_today(context.uow(), site_id, sites=deps.sites, rules=deps.rules, now=context.now())
    ]
    context.open_board("today-opened", sites)
    return jsonify({"items": items, "next": None})


def _named(line: BoardLine) -> dict[str, Any]:
    view, row = _nameless(line), line.row
    view["name"] = f"{row.given_name} {row.family_name}"
    view["record_number"] = row.record_number
    view["birth_year"] = row.birth_date.year
    view["phone"] = row.phone
    if view["transport"] is not None and line.transport is not None:
        view["transport"]["name"] = line.transport.name
        view["transport"]["phone"] = line.transport.phone
        view["transport"]["relationship"] = line.transport.relationship
    return view


def _nameless(line: BoardLine) -> dict[str, Any]:
    row = line.row
    return {
        "session_id": str(row.session_id),
        "patient_id": str(row.patient_id),
        "course_id": str(row.course_id),
        "site_id": row.site_id,
        "chair_id": row.chair_id,
        "chair_name": line.chair_name,
        "starts_at": instant_text(row.starts_at),
        "ends_at": instant_text(row.ends_at),
        "state": row.state.value,
        "kind": row.kind.value,
        "number": line.number,
        "planned_sessions": row.planned_sessions,
        "product": row.product.value,
        "name": None,
        "record_number": None,
        "birth_year": None,
        "phone": None,
        "transport": _transport(line),
        "in_the_way": [{"code": found.code, "message": found.message} for found in line.in_the_way],
        "arrived_at": _instant(row.arrived_at),
        "started_at": _instant(row.started_at),
        "completed_at": _instant(row.completed_at),
        "left_at": _instant(row.left_at),
        "disposition": row.disposition,
    }


def _transport(line: BoardLine) -> dict[str, Any] | None:
    """None for a session that was cancelled or missed; otherwise a light, also while nobody is named."""
    if line.light is None:
        return None
    known = line.transport
    return {
        "light": line.light.value,
        "reason": line.light_reason,
        "kind": known.kind.value if known else None,
        "name": None,
        "phone": None,
        "relationship": None,
        "adult": ADULT[known.grown] if known else None,
        "confirmed_at": _instant(known.confirmed_at) if known else None,
        "arrives_at": _instant(known.arrives_at) if known else None,
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else instant_text(value)
