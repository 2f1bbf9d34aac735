"""A prescriber sets an interval in place of the ladder's."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.maintenance.domain.facts import Schedule
from services.maintenance.domain.policies.overriding import complaints_about, needs_second
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import courses, overrides
from services.maintenance.store.tables import OverrideRow, PlanRow
from services.maintenance.use_cases.replan import replan, take_order
from services.maintenance.use_cases.visible import plan_for
from shared.kernel.errors import Conflict, Invalid, WrongState
from shared.kernel.ids import new_id
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.sealing import Sealer
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOverride:
    """`expires_on` is the last day, at the site, on which it holds."""

    patient_id: UUID
    interval_days: int
    reason: str
    expires_on: date


def order_override(
    uow: UnitOfWork,
    order: OrderOverride,
    *,
    rules: MaintenanceRules,
    sites: Sites,
    sealer: Sealer,
    now: datetime,
) -> tuple[PlanRow, OverrideRow]:
    """Keep the override; it applies at once, or, when it is short, once a second prescriber has confirmed it.

    Raises NotFound, Invalid (days, expiry), WrongState (before the last planned session) and Conflict
    `own-label-schedule` (esketamine).
    """
    plan = plan_for(uow, order.patient_id, lock=True)
    course = None if plan.course_id is None else courses.find(uow.session, plan.course_id)
    if course is not None and course.schedule is Schedule.OWN_LABEL:
        raise Conflict("This course follows its own label schedule: it takes no interval.", code="own-label-schedule")
    if course is None or plan.cycle == 0:
        raise WrongState("There is no interval to override before the last planned session.")
    today = sites[plan.site_id].local_day(now)
    complaints = complaints_about(order.interval_days, order.expires_on, rules.override, today=today)
    if complaints:
        raise Invalid(*complaints)
    override_id = new_id()
    place = take_order(plan, now=now)
    row = OverrideRow(
        override_id=override_id,
        patient_id=plan.patient_id,
        course_id=course.course_id,
        interval_days=order.interval_days,
        expires_on=order.expires_on,
        reason_sealed=sealer.seal_text(order.reason, bound_to=overrides.reason_place(override_id)),
        ordered_by=uow.actor.subject,
        ordered_by_name=uow.actor.name,
        ordered_at=now,
        order=None if needs_second(order.interval_days, rules.override) else place,
    )
    uow.session.add(row)
    replan(uow, plan, rules=rules, sites=sites, now=now)
    audit.wrote(
        uow, "override-ordered", at=now, patient_id=plan.patient_id, record_id=override_id, site_id=plan.site_id
    )
    uow.session.flush()
    return plan, row
