"""Acts at the end of a recovery: an emergency acknowledged, a release, a leaving against advice."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.discharge.api.answers import RecoveryDetailAnswer
from services.discharge.api.recoveries import detail
from services.discharge.api.schemas import AcknowledgementBody, LeftAgainstAdviceBody, ReleaseBody
from services.discharge.deps import Deps
from services.discharge.use_cases.acknowledge_emergency import acknowledge_emergency
from services.discharge.use_cases.record_leaving_against_advice import record_leaving_against_advice
from services.discharge.use_cases.release_patient import release_patient
from shared.web import context
from shared.web.versions import versioned

blueprint = Blueprint("leaving", __name__, description="How a recovery ends.")


@blueprint.route("/recoveries/<uuid:session_id>/acknowledgements", methods=["POST"])
@blueprint.arguments(AcknowledgementBody)
@blueprint.response(200, RecoveryDetailAnswer)
def acknowledge(body: dict[str, Any], session_id: UUID) -> Any:
    """Say that a clinician has seen the oldest emergency that waits; each needs one of its own."""
    row, _ = acknowledge_emergency(
        context.uow(), session_id, note=body["note"], book=context.deps(Deps).book, now=context.now()
    )
    return versioned(detail(row), row.version)


@blueprint.route("/recoveries/<uuid:session_id>/release", methods=["POST"])
@blueprint.arguments(ReleaseBody)
@blueprint.response(200, RecoveryDetailAnswer)
def release(body: dict[str, Any], session_id: UUID) -> Any:
    """Let the patient go, in the caller's name. Refused, with every reason, unless the criteria are met at
    `left_at` and now."""
    row = release_patient(
        context.uow(), session_id, left_at=body["left_at"], book=context.deps(Deps).book, now=context.now()
    )
    return versioned(detail(row), row.version)


@blueprint.route("/recoveries/<uuid:session_id>/left-against-advice", methods=["POST"])
@blueprint.arguments(LeftAgainstAdviceBody)
@blueprint.response(200, RecoveryDetailAnswer)
def leave_against_advice(body: dict[str, Any], session_id: UUID) -> Any:
    """Record that the patient left against advice. A clinician is paged."""
    row = record_leaving_against_advice(
        context.uow(),
        session_id,
        reason=body["reason"],
        left_at=body["left_at"],
        book=context.deps(Deps).book,
        now=context.now(),
    )
    return versioned(detail(row), row.version)
