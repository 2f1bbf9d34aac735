"""Record who has acknowledged the instructions for home."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from services.discharge.domain.recovery import Instructions
from services.discharge.store.recoveries import find
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.chart_changes import keep_change
from services.discharge.use_cases.turns import require_live
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def record_instructions(
    uow: UnitOfWork, session_id: UUID, heard: Instructions, *, check_version: Callable[[int], None], now: datetime
) -> RecoveryRow:
    """Raises NotFound, WrongState, and what `check_version` raises for the recovery's version."""
    row = find(uow.session, session_id, uow.actor, to_change=True)
    check_version(row.version)
    require_live(row)
    before = Instructions(row.patient_acknowledged, row.escort_acknowledged)
    row.patient_acknowledged = heard.patient_acknowledged
    row.escort_acknowledged = heard.escort_acknowledged
    touch(row, now=now)
    keep_change(uow, row, "instructions", asdict(before), asdict(heard), now=now)
    audit.wrote(
        uow, "instructions-recorded", at=now, patient_id=row.patient_id, record_id=session_id, site_id=row.site_id
    )
    uow.session.flush()
    return row
