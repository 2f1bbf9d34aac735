"""`windows`: what stands around a session's integration window."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from services.integration.api.asked import sites_of
from services.integration.api.schemas import WindowPage, WindowQuery, WindowView
from services.integration.domain.prompts import QUESTIONS
from services.integration.domain.window import WindowPosition
from services.integration.store import windows
from services.integration.store.tables import WindowRow
from services.integration.store.windows import Around
from services.integration.use_cases.visible import window_for
from shared.web import context
from shared.web.paging import in_order, page
from shared.web.versions import conditional

blueprint = Blueprint("windows", __name__, description="Integration windows and their prompts.")


@blueprint.route("/windows", methods=["GET"])
@blueprint.arguments(WindowQuery, location="query")
@blueprint.response(200, WindowPage)
def list_windows(query: dict[str, Any]) -> dict[str, Any]:
    """Windows of a site, by state as of now.

    Journals are counted whoever may read them; a count says nothing of their words.
    """
    sites, now, session = sites_of(query), context.now(), context.uow().session
    asked = windows.of_sites(sites, state=query["state"], patient_id=query["patient_id"], now=now)
    rows = session.scalars(
        in_order(asked, query, updated_at=WindowRow.updated_at, record_id=WindowRow.session_id)
    ).all()
    around = windows.around(session, [row.session_id for row in rows])
    context.open_board("windows-opened", sites)
    if query["patient_id"] is not None:
        context.audit_read("windows-read", patient_id=query["patient_id"], record_id=query["patient_id"], site_id=None)
    return page(
        rows,
        query,
        place=lambda row: (row.updated_at, row.session_id),
        view=lambda row: window_view(row, around[row.session_id], now=now),
    )


@blueprint.route("/windows/<uuid:session_id>", methods=["GET"])
@blueprint.response(200, WindowView)
def read_window(session_id: UUID) -> Response:
    """A session's window, prompts and journal counts. The ETag is of the content: 304 while nothing has changed."""
    row = window_for(context.uow(), session_id)
    around = windows.around(context.uow().session, [session_id])[session_id]
    context.audit_read("window-read", patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    body: dict[str, Any] = WindowView().dump(window_view(row, around, now=context.now()))
    return conditional(body)


def window_view(row: WindowRow, around: Around, *, now: datetime) -> dict[str, Any]:
    return {
        "session_id": row.session_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "course_id": row.course_id,
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        "state": windows.span(row).state(now=now),
        "withdrawn_at": row.withdrawn_at,
        "time_zone": row.time_zone,
        "prompts": [
            {
                "kind": prompt.kind,
                "question": QUESTIONS[prompt.kind],
                "state": prompt.state,
                "due_at": prompt.due_at,
                "sent_at": prompt.sent_at,
            }
            for prompt in around.prompts
        ],
        "journals": {
            "early": around.journals.get(WindowPosition.EARLY, 0),
            "in_window": around.journals.get(WindowPosition.IN_WINDOW, 0),
            "late": around.journals.get(WindowPosition.LATE, 0),
        },
        "administration_ended_at": row.administration_ended_at,
        "left_at": row.left_at,
        "restriction_earliest_end_at": row.restriction_earliest_end_at,
    }
