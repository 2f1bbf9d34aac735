"""A prescriber or medical director has seen an emergency."""

from datetime import datetime
from uuid import UUID

from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import LIVE
from services.discharge.store.recoveries import emergency_rows, find
from services.discharge.store.tables import EmergencyRow, RecoveryRow
from services.discharge.use_cases.turns import require_open
from services.discharge.use_cases.upkeep import keep_watch
from shared.kernel.errors import WrongState
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def acknowledge_emergency(
    uow: UnitOfWork, session_id: UUID, *, note: str | None, book: RuleBook, now: datetime
) -> tuple[RecoveryRow, EmergencyRow]:
    """Acknowledge the oldest emergency that nobody has: each needs an acknowledgement of its own.

    Also after leaving against advice. Raises NotFound, and WrongState when no emergency waits.
    """
    row = find(uow.session, session_id, uow.actor, to_change=True)
    require_open(row)
    waiting = [each for each in emergency_rows(uow.session, session_id) if each.acknowledged_at is None]
    if not waiting:
        raise WrongState("No emergency is open here that nobody has seen yet.")
    emergency = waiting[0]
    emergency.acknowledged_at = now
    emergency.acknowledged_by = uow.actor.subject
    emergency.note = note
    row.open_emergencies = len(waiting) - 1
    touch(row, now=now)
    if row.state in LIVE:
        keep_watch(row, book)
    audit.wrote(
        uow, "emergency-acknowledged", at=now, patient_id=row.patient_id, record_id=session_id, site_id=row.site_id
    )
    uow.session.flush()
    return row, emergency
