"""A person says: I have seen it, I am on it."""

from datetime import datetime
from uuid import UUID

from services.maintenance.domain.escalations import EscalationState
from services.maintenance.store.tables import EscalationRow
from services.maintenance.use_cases.escalation_for import escalation_for
from shared.kernel.errors import WrongState
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def acknowledge_escalation(uow: UnitOfWork, escalation_id: UUID, *, now: datetime) -> EscalationRow:
    """Acknowledge it: nobody further is called. A hold stays. Raises NotFound, and WrongState unless it is open."""
    row, _ = escalation_for(uow, escalation_id)
    if row.state is not EscalationState.OPEN:
        raise WrongState("This escalation isn’t open: somebody has acknowledged or resolved it.")
    row.state = EscalationState.ACKNOWLEDGED
    row.acknowledged_at = now
    row.acknowledged_by, row.acknowledged_by_name = uow.actor.subject, uow.actor.name
    row.next_call_at = None
    touch(row, now=now)
    audit.wrote(
        uow, "escalation-acknowledged", at=now, patient_id=row.patient_id, record_id=escalation_id, site_id=row.site_id
    )
    uow.session.flush()
    return row
