"""Queries about KAP appointments."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.integration.domain.kap import KapPhase, KapState
from services.integration.store.tables import KapAppointmentRow, WindowRow


def find(session: Session, appointment_id: UUID) -> KapAppointmentRow | None:
    return session.get(KapAppointmentRow, appointment_id)


def locked(session: Session, appointment_id: UUID) -> KapAppointmentRow | None:
    return session.get(KapAppointmentRow, appointment_id, with_for_update=True)


def of_sites(sites: Iterable[str], *, patient_id: UUID | None, session_id: UUID | None) -> Select[KapAppointmentRow]:
    query = select(KapAppointmentRow).where(KapAppointmentRow.site_id.in_(sites))
    if patient_id is not None:
        query = query.where(KapAppointmentRow.patient_id == patient_id)
    if session_id is not None:
        query = query.where(KapAppointmentRow.session_id == session_id)
    return query


def slots_of(session: Session, session_ids: Iterable[UUID]) -> dict[UUID, list[KapAppointmentRow]]:
    """The integration slots of these sessions that weren't cancelled, earliest first; without one, absent."""
    query = select(KapAppointmentRow).where(
        KapAppointmentRow.session_id.in_(tuple(session_ids)),
        KapAppointmentRow.phase == KapPhase.INTEGRATION,
        KapAppointmentRow.state != KapState.CANCELLED,
    )
    found: dict[UUID, list[KapAppointmentRow]] = {}
    for row in session.scalars(query.order_by(KapAppointmentRow.starts_at)):
        if row.session_id is not None:
            found.setdefault(row.session_id, []).append(row)
    return found


def stands_in(session: Session, window: WindowRow) -> bool:
    """Whether an integration slot of this session starts inside its window (inclusive) and wasn't cancelled."""
    query = select(KapAppointmentRow.appointment_id).where(
        KapAppointmentRow.session_id == window.session_id,
        KapAppointmentRow.phase == KapPhase.INTEGRATION,
        KapAppointmentRow.state != KapState.CANCELLED,
        KapAppointmentRow.starts_at >= window.opens_at,
        KapAppointmentRow.starts_at <= window.closes_at,
    )
    return session.execute(query.limit(1)).first() is not None
