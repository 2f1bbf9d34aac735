"""The way home on a form: who takes the patient home, and that they are here."""

from datetime import datetime
from uuid import UUID

from services.discharge.api.schemas import TransportBody
from services.discharge.domain.states import LIVE, TransportKind
from services.discharge.store.recoveries import find
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.change_transport import TransportHome, change_transport
from shared.kernel.errors import WrongState
from shared.store.unit_of_work import UnitOfWork
from shared.web.fields import Choice


class WayHomeForm(TransportBody):
    """A blank choice says: nobody."""

    kind = Choice(TransportKind, allow_none=True, load_default=None)


def mark_here(uow: UnitOfWork, session_id: UUID, *, identified_by: str, now: datetime) -> RecoveryRow:
    """Say that whoever is named is here, seen by `identified_by`; the rest stays. Safe to repeat.

    Raises NotFound, and WrongState when nobody is named or the patient has left.
    """
    row = find(uow.session, session_id, uow.actor, to_change=True)
    if row.transport_kind is None:
        raise WrongState("Nobody is named to take the patient home. Name an escort or a ride first.")
    if row.state in LIVE and row.transport_present and row.transport_identified_by is not None:
        return row
    here = TransportHome(
        kind=row.transport_kind,
        name=row.transport_name,
        phone=row.transport_phone,
        present=True,
        identified_by=row.transport_identified_by or identified_by,
    )
    return change_transport(uow, session_id, here, check_version=lambda _: None, now=now)
