"""A session as it is answered."""

from typing import Any

from services.intake.domain.transport import Grown, Transport
from services.intake.store import courses, sessions
from services.intake.store.charting import baseline_of, transport_of
from services.intake.store.tables import SessionRow
from services.intake.use_cases.announce import chair_name
from shared.kernel.sites import Sites
from shared.store.unit_of_work import UnitOfWork

ADULT = {Grown.ADULT: True, Grown.MINOR: False, Grown.NOT_SAID: None}


def session_view(uow: UnitOfWork, row: SessionRow, sites: Sites) -> dict[str, Any]:
    """The whole session, with everything that was changed after it was charted."""
    course = courses.by_id(uow.session, row.course_id)
    if course is None:
        raise LookupError(f"session {row.session_id} has no course")
    transport = transport_of(row)
    return {
        "session_id": row.session_id,
        "course_id": row.course_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "chair_id": row.chair_id,
        "chair_name": chair_name(sites, row.site_id, row.chair_id),
        "kind": row.kind.value,
        "product": course.product.value,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "duration_minutes": int((row.ends_at - row.starts_at).total_seconds() // 60),
        "state": row.state.value,
        "status": row.status.value if row.status else None,
        "number": row.number,
        "planned_sessions": course.planned_sessions,
        "booster_cycle": row.booster_cycle,
        "transport": transport_view(transport) if transport else None,
        "baseline": baseline_of(row),
        "dose_mg": row.dose_mg,
        "lot": row.lot,
        "administration_started_at": row.administration_started_at,
        "administration_ended_at": row.administration_ended_at,
        "overnight_time_zone": row.overnight_time_zone,
        "arrived_at": row.arrived_at,
        "started_at": row.started_at,
        "completed_at": row.completed_at,
        "left_at": row.left_at,
        "disposition": row.disposition,
        "ended_reason": row.ended_reason,
        "revision": row.revision,
        "changes": sessions.changes_of(uow.session, row.session_id),
        "version": row.version,
    }


def transport_view(transport: Transport) -> dict[str, Any]:
    """`adult` is null when nobody has said."""
    return {
        "kind": transport.kind.value,
        "name": transport.name,
        "phone": transport.phone,
        "relationship": transport.relationship,
        "adult": ADULT[transport.grown],
        "confirmed_at": transport.confirmed_at,
        "arrives_at": transport.arrives_at,
    }
