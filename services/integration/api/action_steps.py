"""`action-steps`: something small to do, and whether it happened."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.integration.api.asked import sites_of
from services.integration.api.schemas import (
    ActionStepBody,
    ActionStepPage,
    ActionStepView,
    OfPatientQuery,
    StepOutcomeBody,
)
from services.integration.deps import Deps
from services.integration.domain.policies.sharing import reach_of
from services.integration.store import action_steps
from services.integration.store.tables import ActionStepRow
from services.integration.use_cases.add_action_step import AddActionStep, add_action_step
from services.integration.use_cases.tell_step_outcome import tell_step_outcome
from services.integration.use_cases.visible import action_step_for
from shared.web import context
from shared.web.paging import in_order, page
from shared.web.versions import created, versioned

blueprint = Blueprint("action-steps", __name__, description="Action steps of ten minutes or less.")


@blueprint.route("/action-steps", methods=["POST"])
@blueprint.arguments(ActionStepBody)
@blueprint.response(201, ActionStepView)
def add(body: dict[str, Any]) -> Any:
    """Keep a step of 1 to 10 minutes."""
    deps = context.deps(Deps)
    row = add_action_step(
        context.uow(), AddActionStep(**body), rules=deps.rules.steps, sealer=deps.sealer, now=context.now()
    )
    return created(action_step_view(row), row.version)


@blueprint.route("/action-steps", methods=["GET"])
@blueprint.arguments(OfPatientQuery, location="query")
@blueprint.response(200, ActionStepPage)
def list_steps(query: dict[str, Any]) -> dict[str, Any]:
    """The steps that the reader may see."""
    sites = sites_of(query)
    asked = action_steps.within(
        reach_of(context.actor()), sites=sites, patient_id=query["patient_id"], session_id=query["session_id"]
    )
    ordered = in_order(asked, query, updated_at=ActionStepRow.updated_at, record_id=ActionStepRow.action_step_id)
    rows = context.uow().session.scalars(ordered).all()
    context.open_board("action-steps-opened", sites)
    for patient_id, site_id in sorted({(row.patient_id, row.site_id) for row in rows[: query["limit"]]}):
        context.audit_read("action-steps-read", patient_id=patient_id, record_id=patient_id, site_id=site_id)
    return page(rows, query, place=lambda row: (row.updated_at, row.action_step_id), view=action_step_view)


@blueprint.route("/action-steps/<uuid:action_step_id>", methods=["GET"])
@blueprint.response(200, ActionStepView)
def read_step(action_step_id: UUID) -> Any:
    """One step."""
    row = action_step_for(context.uow(), action_step_id)
    context.audit_read("action-step-read", patient_id=row.patient_id, record_id=action_step_id, site_id=row.site_id)
    return versioned(action_step_view(row), row.version)


@blueprint.route("/action-steps/<uuid:action_step_id>/outcome", methods=["POST"])
@blueprint.arguments(StepOutcomeBody)
@blueprint.response(200, ActionStepView)
def tell_outcome(body: dict[str, Any], action_step_id: UUID) -> Any:
    """Tell, once, whether it happened."""
    row = tell_step_outcome(
        context.uow(), action_step_id, body["outcome"], happened_at=body["happened_at"], now=context.now()
    )
    context.uow().session.flush()
    return versioned(action_step_view(row), row.version)


def action_step_view(row: ActionStepRow) -> dict[str, Any]:
    return {
        "action_step_id": row.action_step_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "session_id": row.session_id,
        "text": action_steps.text_of(row, context.deps(Deps).sealer),
        "minutes": row.minutes,
        "sharing": row.sharing,
        "state": row.state,
        "added_at": row.added_at,
        "happened_at": row.happened_at,
    }
