"""Replace who takes the patient home, and whether they are here and identified."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from services.discharge.domain.states import TransportKind
from services.discharge.store.recoveries import find
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.chart_changes import keep_change
from services.discharge.use_cases.turns import require_live
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportHome:
    """`kind` None: nobody. `identified_by` says how, or by whom, the person was identified."""

    kind: TransportKind | None
    name: str | None
    phone: str | None
    present: bool
    identified_by: str | None


def change_transport(
    uow: UnitOfWork, session_id: UUID, transport: TransportHome, *, check_version: Callable[[int], None], now: datetime
) -> RecoveryRow:
    """Raises NotFound, WrongState, and what `check_version` raises for the recovery's version."""
    row = find(uow.session, session_id, uow.actor, to_change=True)
    check_version(row.version)
    require_live(row)
    before = TransportHome(
        kind=row.transport_kind,
        name=row.transport_name,
        phone=row.transport_phone,
        present=row.transport_present,
        identified_by=row.transport_identified_by,
    )
    row.transport_kind = transport.kind
    row.transport_name = transport.name
    row.transport_phone = transport.phone
    row.transport_present = transport.present
    row.transport_identified_by = transport.identified_by
    touch(row, now=now)
    keep_change(uow, row, "transport", asdict(before), asdict(transport), now=now)
    audit.wrote(uow, "transport-changed", at=now, patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    uow.session.flush()
    return row
