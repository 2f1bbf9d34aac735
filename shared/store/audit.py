"""Who read or wrote what, when, from which site: append-only, outside the hot tables.

Writes are entered in the act's own transaction. A board is one entry when a reader opens it for a site and day, none
for its refreshes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from shared.kernel.errors import NotFound
from shared.store.base import Instant, coded, shared_metadata
from shared.store.prepared import Prepared
from shared.store.sets import add_all
from shared.store.unit_of_work import UnitOfWork


class Access(StrEnum):
    READ = "read"
    WRITE = "write"


audit_entry = Table(
    "audit_entry",
    shared_metadata,
    Column("audit_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Instant(), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("role", String(100), nullable=False),
    Column("access", coded(Access), nullable=False),
    Column("action", String(64), nullable=False),
    Column("patient_id", Uuid()),
    Column("record_id", String(64)),
    Column("site_id", String(64)),
    Column("day", Date()),
    Column("correlation_id", String(128), nullable=False),
    Index("ix_audit_entry_patient_id_audit_id", "patient_id", "audit_id"),
    # NULLs are distinct, so this binds only entries that name a board and a day
    Index("uq_audit_entry_board", "actor", "action", "site_id", "day", unique=True),
)


# inline: nobody asks for the entry's id, so the store isn't asked either
_ENTRY = Prepared(insert(audit_entry).inline())


def wrote(
    uow: UnitOfWork, action: str, *, at: datetime, patient_id: UUID | None, record_id: UUID | str, site_id: str | None
) -> None:
    """Enter a change of a chart. `action` is a past fact in kebab case ("observation-recorded")."""
    _enter(uow, Access.WRITE, action, at=at, patient_id=patient_id, record_id=str(record_id), site_id=site_id)


@dataclass(frozen=True, slots=True)
class Written:
    """One change of a chart, as `wrote` enters it; `correlation_id` is its own."""

    action: str
    patient_id: UUID
    record_id: UUID
    site_id: str
    correlation_id: str


def wrote_all(uow: UnitOfWork, changes: Sequence[Written], *, at: datetime) -> None:
    """Enter many changes at once, in their order."""
    add_all(
        uow.session,
        audit_entry,
        ("action", "patient_id", "record_id", "site_id", "correlation_id"),
        [(c.action, c.patient_id, str(c.record_id), c.site_id, c.correlation_id) for c in changes],
        {"at": at, "actor": uow.actor.subject, "role": _roles(uow), "access": Access.WRITE},
    )


def read(
    uow: UnitOfWork, action: str, *, at: datetime, patient_id: UUID | None, record_id: UUID | str, site_id: str | None
) -> None:
    """Enter a look at a chart ("recovery-read")."""
    _enter(uow, Access.READ, action, at=at, patient_id=patient_id, record_id=str(record_id), site_id=site_id)


def opened_board(uow: UnitOfWork, action: str, *, at: datetime, site_id: str, day: date) -> None:
    """Enter that a board was opened, once per reader, site and local day; safe to repeat."""
    dialect = uow.session.get_bind().dialect.name
    upsert = postgresql_insert if dialect == "postgresql" else sqlite_insert
    uow.session.execute(
        upsert(audit_entry)
        .values(
            at=at,
            actor=uow.actor.subject,
            role=_roles(uow),
            access=Access.READ,
            action=action,
            site_id=site_id,
            day=day,
            correlation_id=uow.correlation_id,
        )
        .on_conflict_do_nothing()
    )


def entries_of(
    session: Session, patient_id: UUID, *, sites: Collection[str], before: int | None, limit: int
) -> list[dict[str, object]]:
    """A patient's entries at `sites` (or at no site), newest first, from before the `audit_id` `before` on.

    Raises NotFound when nothing of the patient ever happened at one of `sites`.
    """
    of_patient = audit_entry.c.patient_id == patient_id
    if not session.execute(select(exists().where(of_patient, audit_entry.c.site_id.in_(sites)))).scalar_one():
        raise NotFound("There is no such patient for you.")
    query = select(audit_entry).where(of_patient, audit_entry.c.site_id.in_(sites) | audit_entry.c.site_id.is_(None))
    if before is not None:
        # a cursor may name what no `audit_id` can be
        query = query.where(audit_entry.c.audit_id < literal(before, BigInteger()))
    rows = session.execute(query.order_by(audit_entry.c.audit_id.desc()).limit(limit)).mappings()
    return [dict(row) for row in rows]


def writes_of(session: Session, patient_id: UUID, *, sites: Collection[str]) -> int:
    """How many changes of a patient's chart there were at `sites` (or at no site).

    Counted, since entries can become visible in another order than that of their numbers.
    """
    query = select(func.count()).where(
        audit_entry.c.patient_id == patient_id,
        audit_entry.c.access == Access.WRITE,
        audit_entry.c.site_id.in_(sites) | audit_entry.c.site_id.is_(None),
    )
    return session.execute(query).scalar_one()


def _enter(uow: UnitOfWork, access: Access, action: str, **columns: object) -> None:
    # one prepared statement for all entries: every write makes one, so what it costs counts
    entry = {
        "actor": uow.actor.subject,
        "role": _roles(uow),
        "access": access,
        "action": action,
        "correlation_id": uow.correlation_id,
        **columns,
    }
    _ENTRY.execute(uow.connection, entry)


def _roles(uow: UnitOfWork) -> str:
    return ",".join(sorted(uow.actor.roles))
