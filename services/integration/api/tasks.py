"""`tasks`: what integration asks people at a site to do."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.integration.api.asked import sites_of
from services.integration.api.schemas import TaskDoneBody, TaskPage, TaskQuery, TaskView
from services.integration.store import tasks
from services.integration.store.tables import TaskRow
from services.integration.use_cases.finish_task import finish_task
from shared.web import context
from shared.web.paging import in_order, page
from shared.web.versions import versioned

blueprint = Blueprint("tasks", __name__, description="What integration asks people at a site to do.")


@blueprint.route("/tasks", methods=["GET"])
@blueprint.arguments(TaskQuery, location="query")
@blueprint.response(200, TaskPage)
def list_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """Tasks of a site: windows that closed without a KAP slot, patients who want to talk to someone."""
    sites = sites_of(query)
    asked = tasks.of_sites(sites, state=query["state"], patient_id=query["patient_id"])
    ordered = in_order(asked, query, updated_at=TaskRow.updated_at, record_id=TaskRow.task_id)
    rows = context.uow().session.scalars(ordered).all()
    context.open_board("integration-tasks-opened", sites)
    return page(rows, query, place=lambda row: (row.updated_at, row.task_id), view=task_view)


@blueprint.route("/tasks/<uuid:task_id>/done", methods=["POST"])
@blueprint.arguments(TaskDoneBody)
@blueprint.response(200, TaskView)
def finish(body: dict[str, Any], task_id: UUID) -> Any:
    """Mark a task as done."""
    row = finish_task(context.uow(), task_id, outcome=body["outcome"], now=context.now())
    context.uow().session.flush()
    return versioned(task_view(row), row.version)


def task_view(row: TaskRow) -> dict[str, Any]:
    return {
        "task_id": row.task_id,
        "kind": row.kind,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "session_id": row.session_id,
        "state": row.state,
        "raised_at": row.raised_at,
        "done_at": row.done_at,
        "done_by": row.done_by,
        "outcome": row.outcome,
    }
