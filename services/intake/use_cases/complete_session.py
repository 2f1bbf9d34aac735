"""Chart the dose: from here on the patient is recovering, and discharge watches."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.policies.dosing import check_dose
from services.intake.domain.policies.timing import check_administration
from services.intake.domain.rules import IntakeRules
from services.intake.domain.sessions import (
    Act,
    Administration,
    ChartStatus,
    SessionKind,
    SessionState,
    require_turn,
)
from services.intake.store import courses, sessions
from services.intake.store.charting import chart_administration
from services.intake.store.tables import SessionRow
from services.intake.use_cases import reach
from services.intake.use_cases.announce import announce
from services.intake.use_cases.booster_bookings import take_cycle
from services.intake.use_cases.record_leaving import apply_leaving
from shared.kernel.errors import FieldError, Invalid
from shared.kernel.sites import Sites, is_zone
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartDose:
    """What was typed; None for what was left out. Instants left out are now, the zone is the site's."""

    dose_mg: float | None
    lot: str | None
    administration_started_at: datetime | None
    administration_ended_at: datetime | None
    overnight_time_zone: str | None


NOTHING_CHARTED = ChartDose(
    dose_mg=None, lot=None, administration_started_at=None, administration_ended_at=None, overnight_time_zone=None
)


def complete_session(
    uow: UnitOfWork, session_id: UUID, command: ChartDose, *, sites: Sites, rules: IntakeRules, now: datetime
) -> SessionRow:
    """Chart the dose of a started session and publish it as revision 1. Raises WrongState a second time."""
    row, course = reach.session_and_course_to_change(uow, session_id)
    require_turn(row.state, Act.COMPLETE)
    administration = _administration(row, command, sites=sites, now=now)
    check_charted(administration, starts_at=first_start(row), rules=rules, now=now)
    row.number = courses.completed_count(uow.session, row.course_id, row.kind) + 1
    chart_administration(row, administration)
    row.state = SessionState.RECOVERING
    row.status = ChartStatus.FINAL
    row.revision = 1
    row.completed_at = now
    touch(row, now=now)
    touch(course, now=now)
    if row.kind is SessionKind.BOOSTER:
        cycle = take_cycle(uow, row, now=now)
        row.booster_cycle = cycle.cycle if cycle else None
    announce(uow, row, course, sites=sites, now=now)
    leaving = sessions.leaving_of(uow.session, session_id)
    if leaving is not None:
        apply_leaving(row, leaving, now=now)
    uow.session.flush()
    audit.wrote(
        uow, "session-completed", at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id
    )
    return row


def first_start(row: SessionRow) -> datetime:
    """The session's start, booked or real, whichever is earlier."""
    return row.starts_at if row.started_at is None else min(row.starts_at, row.started_at)


def check_charted(administration: Administration, *, starts_at: datetime, rules: IntakeRules, now: datetime) -> None:
    """Raises Invalid with everything that is impossible about a charted dose."""
    found = check_dose(administration.dose_mg, rules.dosing) + check_administration(
        administration, starts_at=starts_at, rules=rules.timing, now=now
    )
    if not is_zone(administration.overnight_time_zone):
        found += (FieldError("/overnight_time_zone", "Must be an IANA time zone such as America/New_York."),)
    if found:
        raise Invalid(*found)


def _administration(row: SessionRow, command: ChartDose, *, sites: Sites, now: datetime) -> Administration:
    if command.dose_mg is None or command.lot is None:
        typed = (("/dose_mg", command.dose_mg), ("/lot", command.lot))
        raise Invalid(*(FieldError(pointer, "Is needed to chart the dose.") for pointer, it in typed if it is None))
    return Administration(
        dose_mg=command.dose_mg,
        lot=command.lot,
        started_at=command.administration_started_at or now,
        ended_at=command.administration_ended_at or now,
        overnight_time_zone=command.overnight_time_zone or sites[row.site_id].time_zone,
    )
