"""Settles a booked KAP appointment: attended, missed or cancelled."""

from datetime import datetime
from uuid import UUID

from services.integration.domain.kap import Attendance, KapState
from services.integration.store.tables import KapAppointmentRow
from services.integration.use_cases.visible import appointment_for
from shared.kernel.errors import WrongState
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def record_attendance(
    uow: UnitOfWork, appointment_id: UUID, attendance: Attendance, *, now: datetime
) -> KapAppointmentRow:
    """Record it once, from the appointment's start on, inclusive. Raises NotFound, and WrongState out of turn."""
    row = _booked(uow, appointment_id)
    if now < row.starts_at:
        raise WrongState("The appointment hasn’t begun.")
    return _settle(uow, row, attendance.state, "kap-attendance-recorded", now)


def cancel_kap_appointment(uow: UnitOfWork, appointment_id: UUID, *, now: datetime) -> KapAppointmentRow:
    """Raises NotFound, and WrongState when it is already settled."""
    return _settle(uow, _booked(uow, appointment_id), KapState.CANCELLED, "kap-appointment-cancelled", now)


def _booked(uow: UnitOfWork, appointment_id: UUID) -> KapAppointmentRow:
    row = appointment_for(uow, appointment_id, lock=True)
    if row.state is not KapState.BOOKED:
        raise WrongState(f"The appointment is already {row.state.value}.")
    return row


def _settle(uow: UnitOfWork, row: KapAppointmentRow, state: KapState, action: str, now: datetime) -> KapAppointmentRow:
    row.state = state
    touch(row, now=now)
    audit.wrote(uow, action, at=now, patient_id=row.patient_id, record_id=row.appointment_id, site_id=row.site_id)
    return row
