"""Say who takes the patient home."""

from datetime import datetime

from services.intake.domain.names import is_phone
from services.intake.domain.policies.timing import check_happened
from services.intake.domain.rules import IntakeRules
from services.intake.domain.sessions import Act, require_turn
from services.intake.domain.transport import Transport
from services.intake.store import changes
from services.intake.store.charting import chart_transport, transport_of
from services.intake.store.tables import SessionRow
from shared.kernel.errors import FieldError, Invalid
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def set_transport(uow: UnitOfWork, row: SessionRow, transport: Transport, *, rules: IntakeRules, now: datetime) -> None:
    """Replace the transport of `row`, which the caller holds locked; whoever was named before is kept beside it.

    Raises WrongState once the dose is charted: from then on discharge's transport counts.
    """
    require_turn(row.state, Act.SET_TRANSPORT)
    found: list[FieldError] = []
    if transport.confirmed_at is not None:
        found += check_happened(
            "/confirmed_at", transport.confirmed_at, starts_at=row.starts_at, rules=rules.timing, now=now
        )
    if transport.phone is not None and not is_phone(transport.phone):
        found.append(FieldError("/phone", "Must be a phone number of 5 to 20 digits."))
    if found:
        raise Invalid(*found)
    old = transport_of(row)
    if old is not None:
        changes.keep(uow, record_id=row.session_id, what="transport", old=old, new=transport, reason=None, now=now)
    chart_transport(row, transport)
    touch(row, now=now)
    uow.session.flush()
    audit.wrote(uow, "transport-set", at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id)
