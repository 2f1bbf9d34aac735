"""Tasks: what a person of the site must look at."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy import select

from services.discharge.api.answers import TaskAnswer, TasksAnswer
from services.discharge.api.schemas import DoneBody, TasksQuery, TaskState
from services.discharge.store.tables import TaskRow
from services.discharge.use_cases.finish_task import finish_task
from shared.web import context
from shared.web.paging import in_order, page
from shared.web.versions import versioned

blueprint = Blueprint("tasks", __name__, description="What a person of the site must look at.")


@blueprint.route("/tasks", methods=["GET"])
@blueprint.arguments(TasksQuery, location="query")
@blueprint.response(200, TasksAnswer)
def list_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """Tasks of the caller's sites; a done one stays, with who saw to it."""
    sites = context.requested_sites()
    statement = select(TaskRow).where(TaskRow.site_id.in_(sites))
    if query["state"] is not None:
        is_open = TaskRow.done_at.is_(None)
        statement = statement.where(is_open if query["state"] is TaskState.OPEN else ~is_open)
    ordered = in_order(statement, query, updated_at=TaskRow.updated_at, record_id=TaskRow.task_id)
    rows = context.uow().session.scalars(ordered).all()
    context.open_board("recovery-tasks-opened", sites)
    return page(rows, query, place=lambda row: (row.updated_at, row.task_id), view=_view)


@blueprint.route("/tasks/<uuid:task_id>/done", methods=["POST"])
@blueprint.arguments(DoneBody)
@blueprint.response(200, TaskAnswer)
def done(body: dict[str, Any], task_id: UUID) -> Any:
    """Say that somebody has seen to it."""
    task = finish_task(context.uow(), task_id, outcome=body["outcome"], note=body["note"], now=context.now())
    return versioned(_view(task), task.version)


def _view(row: TaskRow) -> dict[str, Any]:
    return {
        "task_id": row.task_id,
        "session_id": row.session_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "kind": row.kind,
        "state": TaskState.OPEN if row.done_at is None else TaskState.DONE,
        "raised_at": row.raised_at,
        "done_at": row.done_at,
        "done_by": row.done_by,
        "outcome": row.outcome,
    }
