"""Books an appointment of ketamine-assisted psychotherapy."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.integration.domain.kap import KapPhase, KapState, Modality
from services.integration.store import windows
from services.integration.store.tables import KapAppointmentRow
from services.integration.use_cases.visible import window_for
from shared.kernel.errors import FieldError, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork

_BEHIND = timedelta(hours=24)
_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookKapAppointment:
    """`site_id` is needed only without a session, by staff of several sites."""

    patient_id: UUID
    session_id: UUID | None
    site_id: str | None
    phase: KapPhase
    modality: Modality
    starts_at: datetime
    duration_minutes: int


def book_kap_appointment(uow: UnitOfWork, booking: BookKapAppointment, *, now: datetime) -> KapAppointmentRow:
    """Book it for whoever asks, as its therapist. An integration appointment belongs to a session that has a window.

    Raises NotFound (session or patient not visible) and Invalid (site, session or time).
    """
    if not now - _BEHIND <= booking.starts_at <= now + _AHEAD:
        raise Invalid(FieldError("/starts_at", "Must lie at most 24 hours behind and 366 days ahead of now."))
    row = KapAppointmentRow(
        appointment_id=new_id(),
        patient_id=booking.patient_id,
        site_id=_site(uow, booking),
        session_id=booking.session_id,
        phase=booking.phase,
        modality=booking.modality,
        therapist=uow.actor.subject,
        therapist_name=uow.actor.name,
        starts_at=booking.starts_at,
        duration_minutes=booking.duration_minutes,
        state=KapState.BOOKED,
        updated_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    audit.wrote(
        uow,
        "kap-appointment-booked",
        at=now,
        patient_id=row.patient_id,
        record_id=row.appointment_id,
        site_id=row.site_id,
    )
    return row


def _site(uow: UnitOfWork, booking: BookKapAppointment) -> str:
    if booking.session_id is not None:
        return window_for(uow, booking.session_id, patient_id=booking.patient_id, lock=True).site_id
    if booking.phase is KapPhase.INTEGRATION:
        raise Invalid(FieldError("/session_id", "An integration appointment needs its session."))
    known_elsewhere = windows.is_known(uow.session, booking.patient_id)
    if known_elsewhere and not windows.is_known_to(uow.session, uow.actor, booking.patient_id):
        raise NotFound("There is no such patient here.")
    if booking.site_id is not None:
        if booking.site_id not in uow.actor.sites:
            raise NotFound("There is no such site for you.")
        return booking.site_id
    if len(uow.actor.sites) != 1:
        raise Invalid(FieldError("/site_id", "Say at which of your sites."))
    return next(iter(uow.actor.sites))
