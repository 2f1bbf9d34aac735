"""`escalations`: what a person must look at, by when, and that somebody has."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.maintenance.api.schemas import (
    EscalationPage,
    EscalationQuery,
    EscalationView,
    NoBody,
    ResolutionBody,
)
from services.maintenance.deps import Deps
from services.maintenance.domain.escalations import EscalationState
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import escalations
from services.maintenance.store.tables import EscalationRow
from services.maintenance.use_cases.acknowledge_escalation import acknowledge_escalation
from services.maintenance.use_cases.resolve_escalation import resolve_escalation
from shared.web import context
from shared.web.paging import in_order, page
from shared.web.versions import versioned

blueprint = Blueprint("escalations", __name__, description="What people must look at.")


@blueprint.route("/escalations", methods=["GET"])
@blueprint.arguments(EscalationQuery, location="query")
@blueprint.response(200, EscalationPage)
def list_escalations(query: dict[str, Any]) -> dict[str, Any]:
    """Escalations of a site, of one state or of all."""
    sites, deps, now = context.requested_sites(), context.deps(Deps), context.now()
    rows = (
        context.uow()
        .session.scalars(
            in_order(
                escalations.at_sites(sites, query["state"]),
                query,
                updated_at=EscalationRow.updated_at,
                record_id=EscalationRow.escalation_id,
            )
        )
        .all()
    )
    context.open_board("escalations-opened", sites)
    return page(
        rows,
        query,
        place=lambda row: (row.updated_at, row.escalation_id),
        view=lambda row: escalation_view(row, deps.rules, now=now),
    )


@blueprint.route("/escalations/<uuid:escalation_id>/acknowledgements", methods=["POST"])
@blueprint.arguments(NoBody)
@blueprint.response(200, EscalationView)
def acknowledge(_: dict[str, Any], escalation_id: UUID) -> Any:
    """Say that you have seen it and are on it: nobody further is called. A hold stays."""
    row = acknowledge_escalation(context.uow(), escalation_id, now=context.now())
    return versioned(escalation_view(row, context.deps(Deps).rules, now=context.now()), row.version)


@blueprint.route("/escalations/<uuid:escalation_id>/resolutions", methods=["POST"])
@blueprint.arguments(ResolutionBody)
@blueprint.response(200, EscalationView)
def resolve(body: dict[str, Any], escalation_id: UUID) -> Any:
    """Say that it is settled. The last one that holds a plan ends the hold, and the ladder runs again."""
    deps = context.deps(Deps)
    row = resolve_escalation(
        context.uow(),
        escalation_id,
        body["note"],
        rules=deps.rules,
        sites=deps.sites,
        sealer=deps.sealer,
        now=context.now(),
    )
    return versioned(escalation_view(row, deps.rules, now=context.now()), row.version)


def escalation_view(row: EscalationRow, rules: MaintenanceRules, *, now: datetime) -> dict[str, Any]:
    """`overdue`: nobody has acknowledged it, and its time has passed."""
    return {
        "escalation_id": row.escalation_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "kind": row.kind,
        "state": row.state,
        "raised_at": row.raised_at,
        "due_at": row.due_at,
        "overdue": row.state is EscalationState.OPEN and row.due_at <= now,
        "on_call": None if row.call_place is None else rules.escalation.on_call[row.call_place],
        "next_call_at": row.next_call_at,
        "acknowledged_at": row.acknowledged_at,
        "acknowledged_by": row.acknowledged_by,
        "resolved_at": row.resolved_at,
        "resolved_by": row.resolved_by,
    }
