"""`assessments`: questionnaires, scored item by item."""

from typing import Any

from flask_smorest import Blueprint

from services.maintenance.api.crisis import crisis_lines
from services.maintenance.api.schemas import AssessmentBody, AssessmentPage, AssessmentQuery, AssessmentRecorded
from services.maintenance.deps import Deps
from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.policies.scoring import score
from services.maintenance.store import assessments
from services.maintenance.store.tables import AssessmentRow
from services.maintenance.use_cases.record_assessment import RecordAssessment, record_assessment
from services.maintenance.use_cases.visible import plan_if_known, unknown_patient
from shared.web import context
from shared.web.paging import in_order, page

blueprint = Blueprint("assessments", __name__, description="PHQ-9, GAD-7, PCL-5 and QIDS-SR16.")


@blueprint.route("/assessments", methods=["POST"])
@blueprint.arguments(AssessmentBody)
@blueprint.response(201, AssessmentRecorded)
def record(body: dict[str, Any]) -> dict[str, Any]:
    """Score a questionnaire and keep it, with its form's version.

    `taken_at` is now when left out, and may go back to 24 hours before the patient's latest session. An answer that
    puts people on call brings `crisis_lines`: show them to the patient at once.
    """
    deps = context.deps(Deps)
    asked = RecordAssessment(
        patient_id=body["patient_id"],
        site_id=body["site_id"],
        instrument=body["instrument"],
        answers=tuple(body["answers"]),
        taken_at=body["taken_at"],
    )
    recorded = record_assessment(context.uow(), asked, rules=deps.rules, sites=deps.sites, now=context.now())
    urgent = recorded.raised is EscalationKind.SUICIDE_RISK
    return assessment_view(recorded.row) | {"crisis_lines": crisis_lines(deps.rules) if urgent else []}


@blueprint.route("/assessments", methods=["GET"])
@blueprint.arguments(AssessmentQuery, location="query")
@blueprint.response(200, AssessmentPage)
def list_assessments(query: dict[str, Any]) -> dict[str, Any]:
    """A patient's assessments, item by item, oldest first."""
    patient_id, session = query["patient_id"], context.uow().session
    context.requested_sites()
    plan = plan_if_known(context.uow(), patient_id)
    if plan is None and not context.actor().is_portal:
        raise unknown_patient()
    rows = session.scalars(
        in_order(
            assessments.of_patient(patient_id, query["instrument"]),
            query,
            updated_at=AssessmentRow.updated_at,
            record_id=AssessmentRow.assessment_id,
        )
    ).all()
    context.audit_read(
        "assessments-read",
        patient_id=patient_id,
        record_id=patient_id,
        site_id=None if plan is None else plan.site_id,
    )
    return page(rows, query, place=lambda row: (row.updated_at, row.assessment_id), view=assessment_view)


def assessment_view(row: AssessmentRow) -> dict[str, Any]:
    # bands are derived, not kept: the same answers always fall into the same band
    scored = score(row.instrument, row.answers)
    return {
        "assessment_id": row.assessment_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "instrument": row.instrument,
        "form_version": row.form_version,
        "answers": row.answers,
        "score": row.score,
        "band": scored.band,
        "cut": scored.cut,
        "taken_at": row.taken_at,
        "recorded_at": row.recorded_at,
    }
