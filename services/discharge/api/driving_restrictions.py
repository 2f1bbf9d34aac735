"""The driving restriction, and the patient's word on sleep that ends it."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from services.discharge.api.answers import RestrictionAnswer
from services.discharge.api.schemas import SleepAttestationBody
from services.discharge.deps import Deps
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.attest_sleep import WordOnSleep, attest_sleep
from services.discharge.use_cases.read_restriction import ExplainedRestriction, read_restriction
from shared.web import context
from shared.web.versions import conditional

blueprint = Blueprint("driving-restrictions", __name__, description="When a patient may drive again, and why.")


@blueprint.route("/recoveries/<uuid:session_id>/driving-restriction", methods=["GET"])
@blueprint.response(200, RestrictionAnswer)
def read_driving_restriction(session_id: UUID) -> Response:
    """The restriction as it stands now; portals may poll it with If-None-Match."""
    book = context.deps(Deps).book
    row, explained = read_restriction(context.uow(), session_id, book=book, now=context.now())
    context.audit_read("driving-restriction-read", patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    body: dict[str, Any] = RestrictionAnswer().dump(_view(row, explained))
    return conditional(body)


@blueprint.route("/recoveries/<uuid:session_id>/sleep-attestations", methods=["POST"])
@blueprint.arguments(SleepAttestationBody)
@blueprint.response(200, RestrictionAnswer)
def attest(body: dict[str, Any], session_id: UUID) -> Any:
    """Keep the patient's word on the night, and answer with the restriction.

    Given before the earliest end it is kept and doesn't count; of the later ones the latest counts.
    """
    book = context.deps(Deps).book
    row, explained = attest_sleep(context.uow(), session_id, WordOnSleep(**body), book=book, now=context.now())
    return _view(row, explained)


def _view(row: RecoveryRow, explained: ExplainedRestriction) -> dict[str, Any]:
    standing = explained.restriction
    return {
        "session_id": row.session_id,
        "state": standing.state,
        "earliest_end_at": standing.earliest_end_at,
        "ends_at": standing.ends_at,
        "time_zone": explained.time_zone,
        "explanation": explained.explanation,
        "rule_version": explained.rule_version,
    }
