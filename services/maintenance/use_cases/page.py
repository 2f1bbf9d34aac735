"""Notes that somebody on call is to be called. A log line for now: no sender outside reads it yet."""

from datetime import datetime

from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.store.tables import EscalationRow, PageRow
from shared.kernel.ids import new_id
from shared.observability.logging import get_logger
from shared.store.unit_of_work import UnitOfWork

_log = get_logger(__name__)


def page(uow: UnitOfWork, escalation: EscalationRow, place: int, *, rules: MaintenanceRules, now: datetime) -> None:
    """Call whoever stands at `place` on call; once for each place and escalation."""
    on_call = rules.escalation.on_call[place]
    row = PageRow(
        page_id=new_id(),
        escalation_id=escalation.escalation_id,
        site_id=escalation.site_id,
        place=place,
        on_call=on_call,
        called_at=now,
    )
    uow.session.add(row)
    escalation_id, site_id = str(escalation.escalation_id), escalation.site_id
    uow.after_commit(
        lambda: _log.info("on call to be called", escalation_id=escalation_id, site_id=site_id, on_call=on_call)
    )
