"""Keeps a week's lifestyle as the patient counts it. It informs people; no interval depends on it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.maintenance.domain.lifestyle import Week, complaints_about, week_of
from services.maintenance.store import check_ins, plans
from services.maintenance.store.tables import CheckInRow
from services.maintenance.use_cases.filing import site_to_file_under
from services.maintenance.use_cases.visible import plan_if_known
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInLifestyle:
    """`week_starts_on` None means this week's Monday at the site."""

    patient_id: UUID
    site_id: str | None
    week_starts_on: date | None
    active_days: int | None
    restful_nights: int | None
    balanced_days: int | None


def check_in_lifestyle(uow: UnitOfWork, asked: CheckInLifestyle, *, sites: Sites, now: datetime) -> CheckInRow:
    """Keep the week. Raises NotFound, Invalid, and Conflict `already-checked-in` for a week that has one."""
    known = plan_if_known(uow, asked.patient_id, lock=True)
    site_id = site_to_file_under(uow, known, asked.site_id, sites)
    today = sites[site_id].local_day(now)
    week = Week(asked.week_starts_on or week_of(today), asked.active_days, asked.restful_nights, asked.balanced_days)
    complaints = complaints_about(week, today=today)
    if complaints:
        raise Invalid(*complaints)
    plan = known or plans.open_file(uow.session, asked.patient_id, site_id=site_id, now=now)
    if check_ins.of_week(uow.session, plan.patient_id, week.starts_on) is not None:
        raise Conflict("This week has its check-in already.", code="already-checked-in")
    row = CheckInRow(
        check_in_id=new_id(),
        patient_id=plan.patient_id,
        site_id=site_id,
        week_starts_on=week.starts_on,
        active_days=week.active_days,
        restful_nights=week.restful_nights,
        balanced_days=week.balanced_days,
        recorded_at=now,
        recorded_by=uow.actor.subject,
    )
    uow.session.add(row)
    audit.wrote(
        uow, "lifestyle-checked-in", at=now, patient_id=plan.patient_id, record_id=row.check_in_id, site_id=site_id
    )
    uow.session.flush()
    return row
