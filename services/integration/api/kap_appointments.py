"""`kap-appointments`: when, how and whether; never what was said."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.integration.api.asked import sites_of
from services.integration.api.schemas import (
    AttendanceBody,
    KapAppointmentBody,
    KapAppointmentPage,
    KapAppointmentView,
    OfPatientQuery,
)
from services.integration.store import kap_appointments
from services.integration.store.tables import KapAppointmentRow
from services.integration.use_cases.book_kap_appointment import BookKapAppointment, book_kap_appointment
from services.integration.use_cases.settle_kap_appointment import cancel_kap_appointment, record_attendance
from services.integration.use_cases.visible import appointment_for
from shared.web import context
from shared.web.fields import Body
from shared.web.paging import in_order, page
from shared.web.versions import created, versioned

blueprint = Blueprint("kap-appointments", __name__, description="Ketamine-assisted psychotherapy appointments.")


@blueprint.route("/kap-appointments", methods=["POST"])
@blueprint.arguments(KapAppointmentBody)
@blueprint.response(201, KapAppointmentView)
def book(body: dict[str, Any]) -> Any:
    """Book an appointment with the therapist who asks.

    An integration appointment needs `session_id`; preparation and dosing may go without one.
    """
    row = book_kap_appointment(context.uow(), BookKapAppointment(**body), now=context.now())
    return created(kap_appointment_view(row), row.version)


@blueprint.route("/kap-appointments", methods=["GET"])
@blueprint.arguments(OfPatientQuery, location="query")
@blueprint.response(200, KapAppointmentPage)
def list_appointments(query: dict[str, Any]) -> dict[str, Any]:
    """Appointments of a site, a patient or a session."""
    sites = sites_of(query)
    asked = kap_appointments.of_sites(sites, patient_id=query["patient_id"], session_id=query["session_id"])
    ordered = in_order(
        asked, query, updated_at=KapAppointmentRow.updated_at, record_id=KapAppointmentRow.appointment_id
    )
    rows = context.uow().session.scalars(ordered).all()
    context.open_board("kap-appointments-opened", sites)
    for patient_id in {row.patient_id for row in rows} if query["patient_id"] or query["session_id"] else ():
        context.audit_read("kap-appointments-read", patient_id=patient_id, record_id=patient_id, site_id=None)
    return page(rows, query, place=lambda row: (row.updated_at, row.appointment_id), view=kap_appointment_view)


@blueprint.route("/kap-appointments/<uuid:appointment_id>", methods=["GET"])
@blueprint.response(200, KapAppointmentView)
def read_appointment(appointment_id: UUID) -> Any:
    """One appointment."""
    row = appointment_for(context.uow(), appointment_id)
    context.audit_read("kap-appointment-read", patient_id=row.patient_id, record_id=appointment_id, site_id=row.site_id)
    return versioned(kap_appointment_view(row), row.version)


@blueprint.route("/kap-appointments/<uuid:appointment_id>/attendance", methods=["POST"])
@blueprint.arguments(AttendanceBody)
@blueprint.response(200, KapAppointmentView)
def attend(body: dict[str, Any], appointment_id: UUID) -> Any:
    """Record whether the patient came, once the appointment has begun."""
    row = record_attendance(context.uow(), appointment_id, body["attendance"], now=context.now())
    context.uow().session.flush()
    return versioned(kap_appointment_view(row), row.version)


@blueprint.route("/kap-appointments/<uuid:appointment_id>/cancel", methods=["POST"])
@blueprint.arguments(Body)
@blueprint.response(200, KapAppointmentView)
def cancel(_: dict[str, Any], appointment_id: UUID) -> Any:
    """Cancel a booked appointment; it no longer counts as a slot in the window."""
    row = cancel_kap_appointment(context.uow(), appointment_id, now=context.now())
    context.uow().session.flush()
    return versioned(kap_appointment_view(row), row.version)


def kap_appointment_view(row: KapAppointmentRow) -> dict[str, Any]:
    return {
        "appointment_id": row.appointment_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "session_id": row.session_id,
        "phase": row.phase,
        "modality": row.modality,
        "therapist": row.therapist,
        "starts_at": row.starts_at,
        "duration_minutes": row.duration_minutes,
        "state": row.state,
    }
