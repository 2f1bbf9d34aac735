"""`escort-labels`: who the desk knows to take a session's patient home, for other services' pages."""

from typing import Any

from flask_smorest import Blueprint

from services.intake.api.answers import EscortLabelPage
from services.intake.api.schemas import EscortLabelQuery
from services.intake.store import sessions
from shared.web import context

blueprint = Blueprint("escort-labels", __name__, description="Who takes whom home, for the reader’s own browser.")


@blueprint.route("/escort-labels", methods=["GET"])
@blueprint.arguments(EscortLabelQuery, location="query")
@blueprint.response(200, EscortLabelPage)
def escort_labels(query: dict[str, Any]) -> dict[str, Any]:
    """Name, relation and phone for the sessions that another service's page shows, as the desk had them before dosing.

    No event carries them. Sessions that the reader may not see, and those with nobody named, are left out. Audited like
    a board: once per reader, site and day.
    """
    sites = context.requested_sites()
    rows = sessions.with_way_home(context.uow().session, query["session_id"], sites=sites)
    context.open_board("escort-labels-opened", sites)
    items = [
        {
            "session_id": row.session_id,
            "kind": row.transport_kind,
            "name": row.transport_name,
            "relationship": row.transport_relationship,
            "phone": row.transport_phone,
        }
        for row in rows
    ]
    return {"items": items, "next": None}
