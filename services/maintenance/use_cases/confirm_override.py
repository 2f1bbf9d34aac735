"""A second prescriber stands behind a short override, which then applies."""

from datetime import datetime
from uuid import UUID

from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import overrides
from services.maintenance.store.tables import OverrideRow, PlanRow
from services.maintenance.use_cases.replan import replan, take_order
from services.maintenance.use_cases.visible import plan_for
from shared.kernel.errors import Conflict, NotFound, WrongState
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


def confirm_override(
    uow: UnitOfWork,
    patient_id: UUID,
    override_id: UUID,
    *,
    rules: MaintenanceRules,
    sites: Sites,
    now: datetime,
) -> tuple[PlanRow, OverrideRow]:
    """Confirm it. Raises NotFound, WrongState (nothing waits, or it has expired) and Conflict
    `second-prescriber-needed` (whoever ordered it can't confirm it)."""
    plan = plan_for(uow, patient_id, lock=True)
    row = overrides.find(uow.session, override_id)
    if row is None or row.patient_id != plan.patient_id:
        raise NotFound("There is no such override here.")
    if row.order is not None or row.course_id != plan.course_id:
        raise WrongState("This override doesn’t wait for a confirmation.")
    if row.expires_on < sites[plan.site_id].local_day(now):
        raise WrongState("This override has expired; order a new one.")
    if row.ordered_by == uow.actor.subject:
        raise Conflict("A second prescriber must confirm what you ordered.", code="second-prescriber-needed")
    row.order = take_order(plan, now=now)
    row.confirmed_by, row.confirmed_by_name, row.confirmed_at = uow.actor.subject, uow.actor.name, now
    replan(uow, plan, rules=rules, sites=sites, now=now)
    audit.wrote(
        uow, "override-confirmed", at=now, patient_id=plan.patient_id, record_id=override_id, site_id=plan.site_id
    )
    uow.session.flush()
    return plan, row
