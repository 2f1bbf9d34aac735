"""A recovery as charting knows it: locked and read by one plain SELECT, written back by one plain UPDATE.

Charting is the busiest write of the house, and loading and flushing the whole row as an object costs more than all the
rest of it together.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.orm.exc import StaleDataError

from services.discharge.domain.states import Product, RecoveryState
from services.discharge.store.tables import RecoveryRow
from shared.kernel.errors import NotFound
from shared.kernel.people import Actor
from shared.store.prepared import Prepared


@dataclass(slots=True)
class Watched:
    """Columns of RecoveryRow under their own names; charting changes those from `state` on."""

    session_id: UUID
    patient_id: UUID
    site_id: str
    product: Product
    administration_started_at: datetime
    administration_ended_at: datetime
    state: RecoveryState
    observation_count: int
    open_emergencies: int
    observed_at: datetime | None
    pressure_at: datetime | None
    systolic_mmhg: int | None
    diastolic_mmhg: int | None
    previous_pressure_at: datetime | None
    previous_systolic_mmhg: int | None
    previous_diastolic_mmhg: int | None
    heart_rate_at: datetime | None
    heart_rate_bpm: int | None
    spo2_at: datetime | None
    spo2_percent: int | None
    moaas_at: datetime | None
    moaas: int | None
    next_observation_due_at: datetime | None
    updated_at: datetime
    version: int


AnyRecovery = RecoveryRow | Watched

_RECOVERY = cast(Table, RecoveryRow.__table__)
_NAMES = tuple(field.name for field in fields(Watched))
_CHANGING = _NAMES[_NAMES.index("state") :]
_THIS = _RECOVERY.c.session_id == bindparam("this_session")
# made once: building a statement costs as much as running it
_LOCK = select(*(_RECOVERY.c[name] for name in _NAMES)).where(_THIS).with_for_update()
_KEEP = Prepared(
    update(_RECOVERY)
    .where(_THIS, _RECOVERY.c.version == bindparam("version_read"))
    .values({name: bindparam(name) for name in _CHANGING})
)


def lock_watched(connection: Connection, session_id: UUID, actor: Actor) -> Watched:
    """The recovery when `actor` may see it, else NotFound; locked to the transaction's end."""
    row = connection.execute(_LOCK, {"this_session": session_id}).first()
    watched = None if row is None else Watched(*row)
    if watched is None or not actor.may_see(patient_id=watched.patient_id, sites={watched.site_id}):
        raise NotFound("There is no such recovery.")
    return watched


def keep_watched(connection: Connection, watched: Watched) -> None:
    """Write the row's next version; StaleDataError when somebody has written one since `watched` was read."""
    this = {"this_session": watched.session_id, "version_read": watched.version}
    watched.version += 1
    changed = {name: getattr(watched, name) for name in _CHANGING}
    if _KEEP.execute(connection, this | changed).rowcount != 1:
        raise StaleDataError("the recovery was written by somebody else since it was read")
