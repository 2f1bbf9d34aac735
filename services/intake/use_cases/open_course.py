"""Open a course of planned sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.policies.planning import check_planned
from services.intake.domain.products import Product
from services.intake.domain.rules import IntakeRules
from services.intake.store.tables import CourseRow
from services.intake.use_cases import reach
from shared.kernel.errors import Invalid
from shared.kernel.ids import new_id
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenCourse:
    """`indication` None: nobody has said, which maintenance hands to a prescriber."""

    patient_id: UUID
    site_id: str
    indication: str | None
    product: Product
    planned_sessions: int


def open_course(uow: UnitOfWork, command: OpenCourse, *, sites: Sites, rules: IntakeRules, now: datetime) -> CourseRow:
    patient = reach.patient(uow, command.patient_id, pointer="/patient_id")
    site = reach.own_site(uow, sites, command.site_id, pointer="/site_id")
    if found := check_planned(command.planned_sessions, rules.planning, completed=0):
        raise Invalid(*found)
    row = CourseRow(
        course_id=new_id(),
        patient_id=patient.patient_id,
        site_id=site.site_id,
        indication=command.indication,
        product=command.product,
        planned_sessions=command.planned_sessions,
        closed_reason=None,
        opened_at=now,
        updated_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    audit.wrote(uow, "course-opened", at=now, patient_id=row.patient_id, record_id=row.course_id, site_id=row.site_id)
    return row
