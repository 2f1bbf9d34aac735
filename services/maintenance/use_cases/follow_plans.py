"""Lets time do its part: boosters that are to be called for now, overrides that have ended."""

from datetime import datetime

from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import plans
from services.maintenance.use_cases.replan import replan
from shared.kernel.sites import Sites
from shared.store.unit_of_work import UnitOfWork

_AT_ONCE = 200


def follow_plans(uow: UnitOfWork, *, rules: MaintenanceRules, sites: Sites, now: datetime) -> None:
    """Follow up to 200 plans whose time has come at `now`. Safe to repeat: a cycle is called for once."""
    for patient_id in plans.to_wake(uow.session, now=now, limit=_AT_ONCE):
        plan = plans.find(uow.session, patient_id, lock=True)
        if plan is not None:
            replan(uow, plan, rules=rules, sites=sites, now=now)
