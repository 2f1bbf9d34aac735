"""Book a chair for a session of a course."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.policies.booking import Slot, check_slot, slot_of
from services.intake.domain.rules import IntakeRules
from services.intake.domain.sessions import SessionKind, SessionState
from services.intake.store import patients, sessions
from services.intake.store.tables import SessionRow
from services.intake.use_cases import reach
from services.intake.use_cases.booster_bookings import take_cycle
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.sites import Chair, Sites
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class BookSession:
    """`duration_minutes` None: the rules' default."""

    course_id: UUID
    site_id: str
    chair_id: str
    starts_at: datetime
    duration_minutes: int | None
    kind: SessionKind


def book_session(
    uow: UnitOfWork, command: BookSession, *, sites: Sites, rules: IntakeRules, now: datetime
) -> SessionRow:
    """Book [start, end) on the chair.

    Raises Conflict `chair-taken` or `patient-already-booked` when another booking overlaps it, `course-closed` for an
    induction of a closed course. Two bookings at one moment queue on the patient's and the chair's row, in this order.
    """
    course = reach.course(uow, command.course_id, pointer="/course_id")
    site = reach.own_site(uow, sites, command.site_id, pointer="/site_id")
    chair = reach.chair_of(site, command.chair_id, pointer="/chair_id")
    minutes = rules.booking.default_minutes if command.duration_minutes is None else command.duration_minutes
    if found := check_slot(command.starts_at, minutes, rules.booking, now=now):
        raise Invalid(*found)
    if command.kind is SessionKind.INDUCTION and course.closed_reason is not None:
        raise Conflict("The course is closed; plan it anew before booking another induction.", code="course-closed")
    slot = slot_of(command.starts_at, minutes)
    _hold_free(uow, course.patient_id, site.site_id, chair, slot)
    row = SessionRow(
        session_id=new_id(),
        course_id=course.course_id,
        patient_id=course.patient_id,
        site_id=site.site_id,
        chair_id=chair.chair_id,
        kind=command.kind,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        state=SessionState.BOOKED,
        revision=0,
        booked_at=now,
        updated_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    if row.kind is SessionKind.BOOSTER:
        take_cycle(uow, row, now=now)
    audit.wrote(uow, "session-booked", at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id)
    return row


def check_free(uow: UnitOfWork, row: SessionRow, chair_name: str) -> None:
    """The same for a session that takes its own hours back. Raises Conflict as booking does."""
    _hold_free(uow, row.patient_id, row.site_id, Chair(row.chair_id, chair_name), Slot(row.starts_at, row.ends_at))


def _hold_free(uow: UnitOfWork, patient_id: UUID, site_id: str, chair: Chair, slot: Slot) -> None:
    patients.lock(uow.session, patient_id)
    sessions.lock_chair(uow.session, site_id, chair.chair_id)
    if sessions.chair_taken(uow.session, site_id, chair.chair_id, slot):
        raise Conflict(f"{chair.name} is taken at that time; choose another chair or time.", code="chair-taken")
    if sessions.patient_taken(uow.session, patient_id, slot):
        raise Conflict("The patient already has a session at that time.", code="patient-already-booked")
