"""What must be in place before a patient goes home: transport, instructions, the suicide-risk check."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.discharge.api.answers import RecoveryDetailAnswer
from services.discharge.api.recoveries import detail
from services.discharge.api.schemas import InstructionsBody, SuicideRiskCheckBody, TransportBody
from services.discharge.domain.recovery import Instructions
from services.discharge.use_cases.change_transport import TransportHome, change_transport
from services.discharge.use_cases.record_instructions import record_instructions
from services.discharge.use_cases.record_suicide_risk_check import record_suicide_risk_check
from shared.web import context
from shared.web.versions import require_match, versioned

blueprint = Blueprint("going-home", __name__, description="What must be in place before a patient goes home.")


@blueprint.route("/recoveries/<uuid:session_id>/transport", methods=["PUT"])
@blueprint.arguments(TransportBody)
@blueprint.response(200, RecoveryDetailAnswer)
def put_transport(body: dict[str, Any], session_id: UUID) -> Any:
    """Replace who takes the patient home. There is no way around it but other transport, or leaving against advice."""
    row = change_transport(
        context.uow(), session_id, TransportHome(**body), check_version=require_match, now=context.now()
    )
    return versioned(detail(row), row.version)


@blueprint.route("/recoveries/<uuid:session_id>/instructions", methods=["PUT"])
@blueprint.arguments(InstructionsBody)
@blueprint.response(200, RecoveryDetailAnswer)
def put_instructions(body: dict[str, Any], session_id: UUID) -> Any:
    """Replace who has acknowledged the instructions for home: both must, since the patient may not remember."""
    row = record_instructions(
        context.uow(), session_id, Instructions(**body), check_version=require_match, now=context.now()
    )
    return versioned(detail(row), row.version)


@blueprint.route("/recoveries/<uuid:session_id>/suicide-risk-check", methods=["PUT"])
@blueprint.arguments(SuicideRiskCheckBody)
@blueprint.response(200, RecoveryDetailAnswer)
def put_suicide_risk_check(body: dict[str, Any], session_id: UUID) -> Any:
    """Record a check. A concern stands until a prescriber records a later no-concern; earlier checks are kept."""
    row = record_suicide_risk_check(
        context.uow(),
        session_id,
        body["outcome"],
        performed_at=body["performed_at"],
        check_version=require_match,
        now=context.now(),
    )
    return versioned(detail(row), row.version)
