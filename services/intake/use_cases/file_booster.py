"""Maintenance asks for a booster, or says how it stands: the desk's worklist follows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.intake.domain.boosters import OPEN_WORDS, PlanWord
from services.intake.store import boosters, courses
from services.intake.store.tables import BoosterRow
from services.intake.use_cases.booster_bookings import find_session
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class FileBooster:
    plan_id: UUID
    cycle: int
    patient_id: UUID
    site_id: str
    course_id: UUID
    due_on: date
    lead_days: int
    interval_days: int
    reason: str
    word: PlanWord
    revision: int


def file_booster(uow: UnitOfWork, command: FileBooster, *, now: datetime) -> None:
    """Keep the highest revision of a plan's cycle; lower and equal ones change nothing. Safe to repeat, in any order.

    It stands on the list of the course's site; for a course that intake doesn't know, of the event's.
    """
    boosters.open_of_patient(uow.session, command.patient_id)  # held in one order by everybody who links cycles
    row = boosters.of_cycle(uow.session, command.plan_id, command.cycle)
    if row is not None and row.revision >= command.revision:
        return
    course = courses.by_id(uow.session, command.course_id)
    if row is None:
        row = BoosterRow(
            booster_id=new_id(), plan_id=command.plan_id, cycle=command.cycle, session_id=None, held_at=None
        )
        uow.session.add(row)
    row.patient_id = command.patient_id
    row.course_id = command.course_id
    row.site_id = course.site_id if course else command.site_id
    row.due_on = command.due_on
    row.lead_days = command.lead_days
    row.interval_days = command.interval_days
    row.reason = command.reason
    row.held_at = (row.held_at or now) if command.word is PlanWord.HELD else None
    row.word = command.word
    row.revision = command.revision
    touch(row, now=now)
    uow.session.flush()
    if row.word in OPEN_WORDS and row.session_id is None:
        find_session(uow, row, now=now)
        uow.session.flush()
    audit.wrote(uow, "booster-filed", at=now, patient_id=row.patient_id, record_id=row.booster_id, site_id=row.site_id)
