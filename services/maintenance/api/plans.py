"""`plans`: when the next booster is due and why, and what prescribers set in place of the ladder."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.maintenance.api.plan_view import overrides_view, plan_view
from services.maintenance.api.schemas import NoBody, OverriddenPlanView, OverrideBody, OwnPlanView, PlanView
from services.maintenance.deps import Deps
from services.maintenance.store.tables import OverrideRow, PlanRow
from services.maintenance.use_cases.confirm_override import confirm_override
from services.maintenance.use_cases.order_override import OrderOverride, order_override
from services.maintenance.use_cases.read_plan import read_plan
from services.maintenance.use_cases.visible import plan_for
from shared.web import context
from shared.web.versions import conditional, versioned

blueprint = Blueprint("plans", __name__, description="Maintenance plans.")


@blueprint.route("/plans/<uuid:patient_id>", methods=["GET"])
@blueprint.response(200, PlanView)
def read(patient_id: UUID) -> Any:
    """A patient's plan: state, scores that the ladder reads, next booster and why.

    The ETag is of the content: 304 while nothing has changed. A portal reads its own patient's, without the overrides
    and their reasons.
    """
    deps = context.deps(Deps)
    plan = plan_for(context.uow(), patient_id)
    picture = read_plan(context.uow(), plan, rules=deps.rules, sites=deps.sites, now=context.now())
    context.audit_read("plan-read", patient_id=patient_id, record_id=patient_id, site_id=plan.site_id)
    view = plan_view(picture, deps.rules)
    if context.actor().is_portal:
        return conditional(_dumped(OwnPlanView(), view))
    return conditional(_dumped(PlanView(), view | {"overrides": overrides_view(picture, deps.sealer)}))


@blueprint.route("/plans/<uuid:patient_id>/overrides", methods=["POST"])
@blueprint.arguments(OverrideBody)
@blueprint.response(200, OverriddenPlanView)
def override(body: dict[str, Any], patient_id: UUID) -> Any:
    """Set an interval in place of the ladder's, up to and including the day it expires on.

    Below 28 days nothing applies until a second prescriber has confirmed it.
    """
    deps = context.deps(Deps)
    order = OrderOverride(
        patient_id=patient_id,
        interval_days=body["interval_days"],
        reason=body["reason"],
        expires_on=body["expires_on"],
    )
    plan, row = order_override(
        context.uow(), order, rules=deps.rules, sites=deps.sites, sealer=deps.sealer, now=context.now()
    )
    return _overridden(deps, plan, row)


@blueprint.route("/plans/<uuid:patient_id>/overrides/<uuid:override_id>/confirmations", methods=["POST"])
@blueprint.arguments(NoBody)
@blueprint.response(200, OverriddenPlanView)
def confirm(_: dict[str, Any], patient_id: UUID, override_id: UUID) -> Any:
    """Stand behind another prescriber's override of less than 28 days; it then applies."""
    deps = context.deps(Deps)
    plan, row = confirm_override(
        context.uow(), patient_id, override_id, rules=deps.rules, sites=deps.sites, now=context.now()
    )
    return _overridden(deps, plan, row)


def _overridden(deps: Deps, plan: PlanRow, row: OverrideRow) -> Any:
    picture = read_plan(context.uow(), plan, rules=deps.rules, sites=deps.sites, now=context.now())
    view = plan_view(picture, deps.rules)
    view |= {"overrides": overrides_view(picture, deps.sealer), "override_id": row.override_id}
    return versioned(view, plan.version)


def _dumped(schema: OwnPlanView, view: dict[str, Any]) -> dict[str, Any]:
    dumped: dict[str, Any] = schema.dump(view)
    return dumped
