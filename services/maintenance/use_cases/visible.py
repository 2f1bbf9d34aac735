"""Finds a patient's file for whoever asks; what they may not see is not found, the two not told apart."""

from uuid import UUID

from services.maintenance.store import plans
from services.maintenance.store.tables import PlanRow
from shared.kernel.errors import NotFound
from shared.store.unit_of_work import UnitOfWork


def plan_for(uow: UnitOfWork, patient_id: UUID, *, lock: bool = False) -> PlanRow:
    """Raises NotFound."""
    plan = plan_if_known(uow, patient_id, lock=lock)
    if plan is None:
        raise unknown_patient()
    return plan


def plan_if_known(uow: UnitOfWork, patient_id: UUID, *, lock: bool = False) -> PlanRow | None:
    """None when nobody has filed the patient yet; raises NotFound when they are known, but not to this caller."""
    if uow.actor.is_portal and uow.actor.patient_id != patient_id:
        raise unknown_patient()
    plan = plans.find(uow.session, patient_id, lock=lock)
    if plan is not None and not uow.actor.may_see(patient_id=patient_id, sites=plans.sites_of(uow.session, plan)):
        raise unknown_patient()
    return plan


def visible_plan(uow: UnitOfWork, patient_id: UUID) -> PlanRow | None:
    """None for a patient whom nobody has filed and for a stranger's alike."""
    try:
        return plan_if_known(uow, patient_id)
    except NotFound:
        return None


def unknown_patient() -> NotFound:
    return NotFound("There is no such patient here.")
