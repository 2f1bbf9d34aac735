"""Scores a questionnaire, keeps it, and acts on what it says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.instruments import Instrument
from services.maintenance.domain.policies.escalation import holds_plan, raised_by_answer
from services.maintenance.domain.policies.scoring import Scored, complaints_about, score
from services.maintenance.domain.policies.timing import complaints_about_taken_at
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import courses, plans
from services.maintenance.store.tables import AssessmentRow, PlanRow
from services.maintenance.use_cases.filing import site_to_file_under
from services.maintenance.use_cases.raise_escalation import raise_escalation
from services.maintenance.use_cases.replan import replan, take_order
from services.maintenance.use_cases.visible import plan_if_known
from shared.kernel.errors import Invalid
from shared.kernel.ids import new_id
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAssessment:
    """`answers` in form order; `taken_at` None means now; `site_id` is needed by callers of several sites."""

    patient_id: UUID
    site_id: str | None
    instrument: Instrument
    answers: tuple[int, ...]
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """`raised` is what the item about death or suicide raised, None when it raised nothing."""

    row: AssessmentRow
    scored: Scored
    raised: EscalationKind | None


def record_assessment(
    uow: UnitOfWork, asked: RecordAssessment, *, rules: MaintenanceRules, sites: Sites, now: datetime
) -> Recorded:
    """Keep the assessment; the plan follows when it is a PHQ-9.

    Raises NotFound (a patient or site that isn't the caller's) and Invalid (items, ranges, `taken_at`, site).
    """
    known = plan_if_known(uow, asked.patient_id, lock=True)
    site_id = site_to_file_under(uow, known, asked.site_id, sites)
    taken_at = asked.taken_at or now
    complaints = complaints_about(asked.instrument, asked.answers) + complaints_about_taken_at(
        taken_at, rules.timing, now=now, session_started_at=courses.last_started_at(uow.session, asked.patient_id)
    )
    if complaints:
        raise Invalid(*complaints)
    plan = known or plans.open_file(uow.session, asked.patient_id, site_id=site_id, now=now)
    scored = score(asked.instrument, asked.answers)
    row = _keep(uow, plan, asked, scored, site_id=site_id, taken_at=taken_at, now=now)
    raised = raised_by_answer(scored.suicide_answer, rules.escalation)
    if raised is not None:
        holds = holds_plan(asked.instrument, scored.suicide_answer, rules.escalation)
        raise_escalation(
            uow, plan.patient_id, raised, row.assessment_id, site_id=site_id, rules=rules, now=now, holds=holds
        )
    replan(uow, plan, rules=rules, sites=sites, now=now)
    audit.wrote(
        uow, "assessment-recorded", at=now, patient_id=plan.patient_id, record_id=row.assessment_id, site_id=site_id
    )
    return Recorded(row, scored, raised)


def _keep(
    uow: UnitOfWork,
    plan: PlanRow,
    asked: RecordAssessment,
    scored: Scored,
    *,
    site_id: str,
    taken_at: datetime,
    now: datetime,
) -> AssessmentRow:
    row = AssessmentRow(
        assessment_id=new_id(),
        patient_id=plan.patient_id,
        site_id=site_id,
        instrument=asked.instrument,
        form_version=scored.form_version,
        answers=list(asked.answers),
        score=scored.score,
        suicide_answer=scored.suicide_answer,
        taken_at=taken_at,
        recorded_at=now,
        recorded_by=uow.actor.subject,
        updated_at=now,
        order=take_order(plan, now=now),
    )
    uow.session.add(row)
    uow.session.flush()
    return row
