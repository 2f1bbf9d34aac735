"""Under which site something about a patient is filed."""

from services.maintenance.store import plans
from services.maintenance.store.tables import PlanRow
from services.maintenance.use_cases.visible import unknown_patient
from shared.kernel.errors import FieldError, Invalid, NotFound
from shared.kernel.sites import Sites
from shared.store.unit_of_work import UnitOfWork


def site_to_file_under(uow: UnitOfWork, plan: PlanRow | None, asked: str | None, sites: Sites) -> str:
    """The site asked for, else where a known patient is treated, else the caller's only site.

    Raises NotFound for a site that isn't the caller's, Invalid when the caller has several and must say which.
    """
    if asked is not None:
        if asked not in uow.actor.sites or asked not in sites:
            raise NotFound("There is no such site for you.", fields=[FieldError("/site_id", "No such site for you.")])
        return asked
    if plan is not None:
        return _site_of_known(uow, plan)
    own = sorted(site for site in uow.actor.sites if site in sites)
    if not own:
        raise unknown_patient()
    if len(own) > 1:
        raise Invalid(FieldError("/site_id", "Say at which of your sites."))
    return own[0]


def _site_of_known(uow: UnitOfWork, plan: PlanRow) -> str:
    if uow.actor.is_portal or plan.site_id in uow.actor.sites:
        return plan.site_id
    return min(plans.sites_of(uow.session, plan) & uow.actor.sites)
