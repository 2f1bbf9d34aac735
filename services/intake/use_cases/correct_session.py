"""Correct a charted dose, or say that it was entered in error. What stood before is kept."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.intake.domain.rules import IntakeRules
from services.intake.domain.sessions import (
    Act,
    Administration,
    ChartStatus,
    SessionKind,
    SessionState,
    require_turn,
)
from services.intake.store import changes, courses
from services.intake.store.charting import administration_of, chart_administration
from services.intake.store.tables import CourseRow, SessionRow
from services.intake.use_cases import reach
from services.intake.use_cases.announce import announce_again
from services.intake.use_cases.booster_bookings import give_back_cycle
from services.intake.use_cases.complete_session import NOTHING_CHARTED, ChartDose, check_charted, first_start
from shared.kernel.errors import FieldError, Invalid
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


class Verdict(StrEnum):
    """Whether the dose stands with other values, or was never given like this."""

    STANDS = "stands"
    ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """`changed` holds None for what stays as it was."""

    changed: ChartDose
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class _Standing:
    status: ChartStatus
    state: SessionState


def correct_session(
    uow: UnitOfWork, session_id: UUID, command: Correction, *, sites: Sites, rules: IntakeRules, now: datetime
) -> SessionRow:
    """Correct a dosed session and publish it as the next revision.

    Entered in error: the session becomes cancelled, its chair and booster cycle are free, and later sessions of the
    course move up a number, each published again. That is final: the true dose is charted in a session of its own.
    """
    row, course = reach.session_and_course_to_change(uow, session_id)
    require_turn(row.state, Act.CORRECT)
    if command.verdict is Verdict.ENTERED_IN_ERROR:
        if command.changed != NOTHING_CHARTED:
            raise Invalid(FieldError("/entered_in_error", "A dose that was never given has no values to change."))
        _strike(uow, row, course, command, sites=sites, now=now)
    else:
        _amend(uow, row, command, rules=rules, now=now)
        announce_again(uow, row, course, sites=sites, now=now)
    touch(course, now=now)
    uow.session.flush()
    audit.wrote(
        uow, "session-corrected", at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id
    )
    return row


def _amend(uow: UnitOfWork, row: SessionRow, command: Correction, *, rules: IntakeRules, now: datetime) -> None:
    old = administration_of(row)
    if old is None:
        raise ValueError(f"session {row.session_id} is dosed and has no dose")
    new = _changed(old, command.changed)
    if new == old:
        raise Invalid(FieldError("", "Nothing is changed: name at least one field with a new value."))
    check_charted(new, starts_at=first_start(row), rules=rules, now=now)
    changes.keep(uow, record_id=row.session_id, what="administration", old=old, new=new, reason=command.reason, now=now)
    chart_administration(row, new)


def _changed(old: Administration, changed: ChartDose) -> Administration:
    return Administration(
        dose_mg=old.dose_mg if changed.dose_mg is None else changed.dose_mg,
        lot=changed.lot or old.lot,
        started_at=changed.administration_started_at or old.started_at,
        ended_at=changed.administration_ended_at or old.ended_at,
        overnight_time_zone=changed.overnight_time_zone or old.overnight_time_zone,
    )


def _strike(
    uow: UnitOfWork, row: SessionRow, course: CourseRow, command: Correction, *, sites: Sites, now: datetime
) -> None:
    old = _Standing(ChartStatus.FINAL, row.state)
    new = replace(old, status=ChartStatus.ENTERED_IN_ERROR, state=SessionState.CANCELLED)
    changes.keep(uow, record_id=row.session_id, what="session", old=old, new=new, reason=command.reason, now=now)
    later = courses.numbered_after(uow.session, row)
    row.status, row.state = new.status, new.state
    announce_again(uow, row, course, sites=sites, now=now)
    for following in later:
        following.number = (following.number or 1) - 1
        announce_again(uow, following, course, sites=sites, now=now)
    uow.session.flush()
    if row.kind is SessionKind.BOOSTER:
        give_back_cycle(uow, row, now=now)
