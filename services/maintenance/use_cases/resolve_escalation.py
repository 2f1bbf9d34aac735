"""A person says: this is settled. The only way that a hold ends."""

from datetime import datetime
from uuid import UUID

from services.maintenance.domain.escalations import EscalationState
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store import escalations
from services.maintenance.store.tables import EscalationRow
from services.maintenance.use_cases.escalation_for import escalation_for
from services.maintenance.use_cases.replan import replan, take_order
from shared.kernel.errors import WrongState
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.sealing import Sealer
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def resolve_escalation(
    uow: UnitOfWork,
    escalation_id: UUID,
    note: str | None,
    *,
    rules: MaintenanceRules,
    sites: Sites,
    sealer: Sealer,
    now: datetime,
) -> EscalationRow:
    """Resolve it, acknowledged before or not; if it held the plan and was the last to, the ladder runs again.

    Raises NotFound, and WrongState when it is resolved already.
    """
    row, plan = escalation_for(uow, escalation_id)
    if row.state is EscalationState.RESOLVED:
        raise WrongState("Somebody has resolved this already.")
    if row.acknowledged_at is None:
        row.acknowledged_at = now
        row.acknowledged_by, row.acknowledged_by_name = uow.actor.subject, uow.actor.name
    row.state = EscalationState.RESOLVED
    row.resolved_at = now
    row.resolved_by, row.resolved_by_name = uow.actor.subject, uow.actor.name
    row.resolved_order = take_order(plan, now=now)
    row.next_call_at = None
    touch(row, now=now)
    if note is not None:
        row.note_sealed = sealer.seal_text(note, bound_to=escalations.note_place(escalation_id))
    replan(uow, plan, rules=rules, sites=sites, now=now)
    audit.wrote(
        uow, "escalation-resolved", at=now, patient_id=row.patient_id, record_id=escalation_id, site_id=row.site_id
    )
    uow.session.flush()
    return row
