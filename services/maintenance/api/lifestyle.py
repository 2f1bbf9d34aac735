"""`lifestyle-check-ins`: a week of movement, sleep and food, as the patient counts it."""

from typing import Any

from flask_smorest import Blueprint

from services.maintenance.api.schemas import CheckInBody, CheckInPage, CheckInView, OnePatientQuery
from services.maintenance.deps import Deps
from services.maintenance.store import check_ins
from services.maintenance.store.tables import CheckInRow
from services.maintenance.use_cases.check_in_lifestyle import CheckInLifestyle, check_in_lifestyle
from services.maintenance.use_cases.visible import plan_if_known, unknown_patient
from shared.web import context
from shared.web.paging import in_order, page

blueprint = Blueprint("lifestyle-check-ins", __name__, description="Weekly lifestyle check-ins.")


@blueprint.route("/lifestyle-check-ins", methods=["POST"])
@blueprint.arguments(CheckInBody)
@blueprint.response(201, CheckInView)
def check_in(body: dict[str, Any]) -> CheckInRow:
    """Keep one week, once. It informs people; no interval is ever longer or shorter for it."""
    return check_in_lifestyle(
        context.uow(), CheckInLifestyle(**body), sites=context.deps(Deps).sites, now=context.now()
    )


@blueprint.route("/lifestyle-check-ins", methods=["GET"])
@blueprint.arguments(OnePatientQuery, location="query")
@blueprint.response(200, CheckInPage)
def list_check_ins(query: dict[str, Any]) -> dict[str, Any]:
    """A patient's weeks, in the order they were told."""
    patient_id = query["patient_id"]
    context.requested_sites()
    plan = plan_if_known(context.uow(), patient_id)
    if plan is None and not context.actor().is_portal:
        raise unknown_patient()
    rows = (
        context.uow()
        .session.scalars(
            in_order(
                check_ins.of_patient(patient_id),
                query,
                updated_at=CheckInRow.recorded_at,
                record_id=CheckInRow.check_in_id,
            )
        )
        .all()
    )
    context.audit_read(
        "lifestyle-read",
        patient_id=patient_id,
        record_id=patient_id,
        site_id=None if plan is None else plan.site_id,
    )
    return page(rows, query, place=lambda row: (row.recorded_at, row.check_in_id), view=_view)


def _view(row: CheckInRow) -> dict[str, Any]:
    return {
        "check_in_id": row.check_in_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "week_starts_on": row.week_starts_on,
        "active_days": row.active_days,
        "restful_nights": row.restful_nights,
        "balanced_days": row.balanced_days,
        "recorded_at": row.recorded_at,
    }
