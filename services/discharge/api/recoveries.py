"""Recoveries: the board of who is in a chair, one patient's recovery, and what stands against leaving."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from services.discharge.api.answers import DecisionAnswer, RecoveriesAnswer, RecoveryDetailAnswer
from services.discharge.api.recovery_view import emergency_view, recovery_view, sees_the_chart
from services.discharge.api.schemas import RecoveriesQuery
from services.discharge.deps import Deps
from services.discharge.store.board import board_of
from services.discharge.store.recoveries import emergency_rows, find
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.read_decision import read_decision
from shared.contracts.fields import instant_text
from shared.web import context
from shared.web.errors import reason_body
from shared.web.paging import in_order, page
from shared.web.versions import versioned

blueprint = Blueprint("recoveries", __name__, description="Patients after a dose, until they have left.")


@blueprint.route("/recoveries", methods=["GET"])
@blueprint.arguments(RecoveriesQuery, location="query")
@blueprint.response(200, RecoveriesAnswer)
def list_recoveries(query: dict[str, Any]) -> Response:
    """Recoveries of the caller's sites.

    `state` may be given several times. Operations see how the house runs: clinical fields are null for them.
    """
    deps = context.deps(Deps)
    sites = context.requested_sites()
    days = None
    if query["day"] is not None:
        days = {site_id: deps.sites[site_id].day_bounds(query["day"]) for site_id in sites if site_id in deps.sites}
    statement = board_of(sites, states=query["state"], days=days)
    ordered = in_order(statement, query, updated_at=RecoveryRow.updated_at, record_id=RecoveryRow.session_id)
    rows = context.uow().session.execute(ordered).all()
    now, with_chart = context.now(), sees_the_chart(context.actor())
    body = page(
        rows,
        query,
        place=lambda row: (row.updated_at, row.session_id),
        view=lambda row: recovery_view(row, book=deps.book, now=now, with_chart=with_chart),
    )
    context.open_board("recovery-board-opened", sites)
    # a board refreshes all day: written straight to JSON, by the same names as RecoveryAnswer (a test compares them)
    return Response(json.dumps(body, default=_plain, separators=(",", ":")), mimetype="application/json")


@blueprint.route("/recoveries/<uuid:session_id>", methods=["GET"])
@blueprint.response(200, RecoveryDetailAnswer)
def read_recovery(session_id: UUID) -> Any:
    """One recovery, with its emergencies. Its ETag is what the PUTs need."""
    row = find(context.uow().session, session_id, context.actor())
    context.audit_read("recovery-read", patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    return versioned(detail(row), row.version)


@blueprint.route("/recoveries/<uuid:session_id>/decision", methods=["GET"])
@blueprint.response(200, DecisionAnswer)
def read_release_decision(session_id: UUID) -> Any:
    """Every unmet criterion for leaving, worst first. It advises; a named clinician releases."""
    book = context.deps(Deps).book
    row, decision = read_decision(context.uow(), session_id, book=book, now=context.now())
    context.audit_read("release-decision-read", patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    body = {
        "criteria_met": decision.met,
        "reasons": [reason_body(reason) for reason in decision.reasons],
        "policy_version": book.release(row.site_id, row.product).version,
    }
    return versioned(body, row.version)


def detail(row: RecoveryRow) -> dict[str, Any]:
    """The single read's body; every act on a recovery answers with it."""
    view = recovery_view(row, book=context.deps(Deps).book, now=context.now(), with_chart=True)
    emergencies = emergency_rows(context.uow().session, row.session_id)
    return view | {"emergencies": [emergency_view(each) for each in emergencies]}


def _plain(value: Any) -> str:
    return instant_text(value) if isinstance(value, datetime) else str(value)
