"""`booster-tasks`: what a call for a booster asked of a colleague."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.intake.api.answers import BoosterTaskPage, BoosterTaskView
from services.intake.api.booster_view import task_view
from services.intake.api.schemas import TaskAnswering
from services.intake.store import calls
from services.intake.store.tables import BoosterTaskRow
from services.intake.use_cases.answer_booster_task import answer_booster_task
from shared.web import context, paging
from shared.web.paging import Asked

blueprint = Blueprint("booster tasks", __name__, description="What calls for boosters asked of colleagues.")


@blueprint.route("/booster-tasks", methods=["GET"])
@blueprint.arguments(Asked, location="query")
@blueprint.response(200, BoosterTaskPage)
def list_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """Those that nobody has answered, the oldest first; one that is answered leaves the list."""
    sites, session = context.requested_sites(), context.uow().session
    statement = paging.in_order(
        calls.unanswered(sites), query, updated_at=BoosterTaskRow.raised_at, record_id=BoosterTaskRow.task_id
    )
    rows = session.scalars(statement).all()
    made = calls.by_ids(session, [row.call_id for row in rows])
    context.open_board("booster-tasks-opened", sites)
    return paging.page(
        rows, query, place=lambda row: (row.raised_at, row.task_id), view=lambda row: task_view(row, made[row.call_id])
    )


@blueprint.route("/booster-tasks/<uuid:task_id>/answers", methods=["POST"])
@blueprint.arguments(TaskAnswering)
@blueprint.response(200, BoosterTaskView)
def answer(body: dict[str, Any], task_id: UUID) -> dict[str, Any]:
    """`call-again` gives the patient back to the desk; `off-the-list` ends the calls for this due day."""
    row = answer_booster_task(context.uow(), task_id, body["answer"], now=context.now())
    return task_view(row, calls.by_ids(context.uow().session, [row.call_id])[row.call_id])
