"""Finds an escalation for whoever asks, with its patient's file."""

from uuid import UUID

from services.maintenance.store import escalations, plans
from services.maintenance.store.tables import EscalationRow, PlanRow
from shared.kernel.errors import NotFound
from shared.store.unit_of_work import UnitOfWork


def escalation_for(uow: UnitOfWork, escalation_id: UUID) -> tuple[EscalationRow, PlanRow]:
    """Both locked, the file first, as everybody does. Raises NotFound."""
    found = escalations.find(uow.session, escalation_id)
    plan = None if found is None else plans.find(uow.session, found.patient_id, lock=True)
    row = None if plan is None else escalations.find(uow.session, escalation_id, lock=True)
    if row is None or plan is None:
        raise _unknown()
    sites = plans.sites_of(uow.session, plan) | {row.site_id}
    if not uow.actor.may_see(patient_id=row.patient_id, sites=sites):
        raise _unknown()
    return row, plan


def _unknown() -> NotFound:
    return NotFound("There is no such escalation here.")
