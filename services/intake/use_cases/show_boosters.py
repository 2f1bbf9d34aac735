"""The list of boosters to call: every cycle that maintenance wants given, where it stands and who was asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.intake.domain.boosters import Booking, BoosterState, state_of
from services.intake.domain.calls import CallOutcome, Standing, TaskAnswer
from services.intake.domain.policies.calling import Calling, standing_of
from services.intake.domain.policies.urgency import Urgency, days_overdue, urgency_of
from services.intake.domain.rules import IntakeRules
from services.intake.store import boosters, calls, courses, patients
from services.intake.store.calls import NOBODY_CALLED, Contact
from services.intake.store.tables import BoosterRow, CourseRow, PatientRow
from shared.kernel.sites import Sites
from shared.store.unit_of_work import UnitOfWork

_Found = tuple[BoosterRow, PatientRow | None, CourseRow | None]


@dataclass(frozen=True, slots=True)
class BoosterLine:
    """`urgency` None: on no list any more. `patient` and `course` None: intake doesn't know them."""

    row: BoosterRow
    patient: PatientRow | None
    course: CourseRow | None
    contact: Contact
    state: BoosterState
    standing: Standing
    urgency: Urgency | None
    days_overdue: int

    @property
    def snoozed_until(self) -> date | None:
        snooze = self.contact.snooze
        return snooze.until if snooze is not None and self.standing is Standing.SNOOZED else None

    @property
    def phone(self) -> str | None:
        """None for whom nobody is to call now, and for a number that was wrong."""
        if self.patient is None or self.standing in (Standing.HELD, Standing.SNOOZED, Standing.WITH_COLLEAGUE):
            return None
        return None if self.number_is_wrong else self.patient.phone

    @property
    def number_is_wrong(self) -> bool:
        last = self.contact.last
        if last is None or self.patient is None or last.outcome is not CallOutcome.WRONG_NUMBER:
            return False
        # a number that was changed since, here or elsewhere, is worth a try
        return last.phone_after is None and self.patient.phone == last.phone_before


def show_boosters(
    uow: UnitOfWork, site_id: str, *, sites: Sites, rules: IntakeRules, now: datetime
) -> list[BoosterLine]:
    """The site's cycles that aren't off the list, the most overdue first."""
    found = uow.session.execute(boosters.to_call({site_id}, (BoosterState.DUE, BoosterState.HELD)))
    lines = lines_of(uow, [(row, patient, course) for row, patient, course in found], sites=sites, rules=rules, now=now)
    shown = [line for line in lines if line.standing is not Standing.OFF]
    return sorted(shown, key=lambda line: (line.row.due_on, line.row.booster_id.hex))


def lines_of(
    uow: UnitOfWork, found: Collection[_Found], *, sites: Sites, rules: IntakeRules, now: datetime
) -> Iterable[BoosterLine]:
    """Cycles with their calls, in the order given; four reads, however many."""
    contacts = calls.contacts_of(uow.session, [row.booster_id for row, _, _ in found])
    for row, patient, course in found:
        yield _line(row, patient, course, contacts.get(row.booster_id, NOBODY_CALLED), sites, rules, now)


def line_of(uow: UnitOfWork, row: BoosterRow, *, sites: Sites, rules: IntakeRules, now: datetime) -> BoosterLine:
    patient, course = patients.by_id(uow.session, row.patient_id), courses.by_id(uow.session, row.course_id)
    return next(iter(lines_of(uow, [(row, patient, course)], sites=sites, rules=rules, now=now)))


def standing_at(row: BoosterRow, contact: Contact, *, today: date, now: datetime) -> Standing:
    task, snooze, last = contact.task, contact.snooze, contact.last
    calling = Calling(
        state=_state(row),
        due_on=row.due_on,
        call_from=last.call_from if last else None,
        colleague_asked=task is not None and task.done_at is None,
        settled_due_on=task.settled_due_on if task and task.answer is TaskAnswer.OFF_THE_LIST else None,
        snoozed_until=snooze.until if snooze else None,
    )
    return standing_of(calling, today=today, now=now)


def today_at(sites: Sites, site_id: str, now: datetime) -> date:
    """The site's local day; UTC's for a site that the sites file has dropped."""
    site = sites.get(site_id)
    return site.local_day(now) if site else now.date()


def _line(
    row: BoosterRow,
    patient: PatientRow | None,
    course: CourseRow | None,
    contact: Contact,
    sites: Sites,
    rules: IntakeRules,
    now: datetime,
) -> BoosterLine:
    today, state = today_at(sites, row.site_id, now), _state(row)
    closed = state in (BoosterState.WITHDRAWN, BoosterState.FULFILLED)
    return BoosterLine(
        row=row,
        patient=patient,
        course=course,
        contact=contact,
        state=state,
        standing=standing_at(row, contact, today=today, now=now),
        urgency=None if closed else urgency_of(row.due_on, rules.urgency, today=today),
        days_overdue=days_overdue(row.due_on, today=today),
    )


def _state(row: BoosterRow) -> BoosterState:
    return state_of(row.word, Booking.NONE if row.session_id is None else Booking.STANDS)
