"""Observations: what was charted of a patient in recovery."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.discharge.api.answers import ObservationsAnswer, RecordedObservationAnswer
from services.discharge.api.schemas import ObservationBody
from services.discharge.deps import Deps
from services.discharge.domain.observation import Observation, Pressure
from services.discharge.store.recoveries import find, observation_rows
from services.discharge.store.tables import ObservationRow
from services.discharge.use_cases.record_observation import record_observation
from shared.kernel.ids import new_id
from shared.web import context
from shared.web.versions import created, versioned

blueprint = Blueprint("observations", __name__, description="What was charted of a patient in recovery.")

_FIELDS = (
    *("observation_id", "session_id", "number", "observed_at", "recorded_at", "recorded_by"),
    *("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "spo2_percent", "moaas", "nausea_0_10", "vomiting"),
    *("oriented", "steady_gait", "fluids_tolerated", "dissociation_resolved", "cadss", "cadss_6"),
    *("aldrete", "padss", "symptoms"),
)


@blueprint.route("/recoveries/<uuid:session_id>/observations", methods=["POST"])
# one instance for good: made anew for each request, it would cost more than the database does
@blueprint.arguments(ObservationBody())
@blueprint.response(201, RecordedObservationAnswer)
def chart(body: dict[str, Any], session_id: UUID) -> Any:
    """Chart an observation.

    What is absent was not charted. Emergency signs page a clinician. The ETag is the recovery's.
    """
    observed_at = body.pop("observed_at")
    now = context.now()
    recovery, kept = record_observation(
        context.uow(), session_id, charted(body), observed_at=observed_at, book=context.deps(Deps).book, now=now
    )
    told = {"state": recovery.state, "next_observation_due_at": recovery.next_observation_due_at}
    return created(kept | told, recovery.version)


@blueprint.route("/recoveries/<uuid:session_id>/observations", methods=["GET"])
@blueprint.response(200, ObservationsAnswer)
def list_observations(session_id: UUID) -> Any:
    """A recovery's observations, in the order they were made."""
    session = context.uow().session
    recovery = find(session, session_id, context.actor())
    rows = observation_rows(session, session_id)
    context.audit_read(
        "observations-read", patient_id=recovery.patient_id, record_id=session_id, site_id=recovery.site_id
    )
    return versioned({"items": [_view(row) for row in rows], "next": None}, recovery.version)


def charted(body: dict[str, Any]) -> Observation:
    """The body as an observation; when and as which one it is recorded is set by the use case."""
    systolic, diastolic = body["systolic_mmhg"], body["diastolic_mmhg"]
    return Observation(
        observation_id=new_id(),
        number=0,
        observed_at=context.now(),
        pressure=None if systolic is None else Pressure(systolic, diastolic),
        heart_rate_bpm=body["heart_rate_bpm"],
        spo2_percent=body["spo2_percent"],
        moaas=body["moaas"],
        nausea_0_10=body["nausea_0_10"],
        vomiting=body["vomiting"],
        oriented=body["oriented"],
        steady_gait=body["steady_gait"],
        fluids_tolerated=body["fluids_tolerated"],
        dissociation_resolved=body["dissociation_resolved"],
        cadss=body["cadss"],
        cadss_6=body["cadss_6"],
        aldrete=body["aldrete"],
        padss=body["padss"],
        symptoms=None if body["symptoms"] is None else tuple(body["symptoms"]),
    )


def _view(row: ObservationRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _FIELDS}
