"""A patient's plan as a reader sees it: the file, what the ladder reads of the scores now, overrides, adherence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.maintenance.domain.facts import Override
from services.maintenance.domain.journals import JournalCount
from services.maintenance.domain.policies.following import override_in_force
from services.maintenance.domain.policies.overriding import OverrideState
from services.maintenance.domain.policies.reading import Reading, read_scores
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import journals, overrides, plans
from services.maintenance.store.tables import CourseRow, OverrideRow, PlanChangeRow, PlanRow
from services.maintenance.use_cases.course_facts import gather
from shared.kernel.sites import Sites
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PlanPicture:
    """`reading.current` is what the ladder would read now: look at `reading.stale` before showing it as current."""

    plan: PlanRow
    course: CourseRow | None
    reading: Reading
    overrides: Sequence[tuple[OverrideRow, OverrideState]]
    journals: JournalCount
    history: Sequence[PlanChangeRow]


def read_plan(uow: UnitOfWork, plan: PlanRow, *, rules: MaintenanceRules, sites: Sites, now: datetime) -> PlanPicture:
    gathered = gather(uow, plan)
    course = gathered.course
    standing_sessions = (s for s in course.sessions if s.stands)
    first = min(standing_sessions, key=lambda s: (s.started_at, s.order), default=None)
    today = sites[gathered.site_id].local_day(now)
    in_force = override_in_force(course.overrides, today)
    return PlanPicture(
        plan=plan,
        course=gathered.course_row,
        reading=read_scores(course.scores, first, at=now, valid_for=rules.ladder.score_valid_for),
        overrides=[
            (row, _state(row, in_force, expired=row.expires_on < today))
            for row in overrides.of_patient(uow.session, plan.patient_id)
        ],
        journals=journals.counted(uow.session, plan.patient_id),
        history=plans.history(uow.session, plan.patient_id),
    )


def _state(row: OverrideRow, in_force: Override | None, *, expired: bool) -> OverrideState:
    if expired:
        return OverrideState.EXPIRED
    if row.order is None:
        return OverrideState.AWAITING_CONFIRMATION
    if in_force is not None and row.override_id == in_force.override_id:
        return OverrideState.IN_FORCE
    return OverrideState.SUPERSEDED
