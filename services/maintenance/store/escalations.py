"""Queries about escalations and who was called for them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Select, Table, func, or_, select
from sqlalchemy.orm import Session

from services.maintenance.domain.escalations import EscalationKind, EscalationState
from services.maintenance.store.tables import EscalationRow
from shared.store.sets import add_all, among

_escalation = cast(Table, EscalationRow.__table__)


def find(session: Session, escalation_id: UUID, *, lock: bool = False) -> EscalationRow | None:
    return session.get(EscalationRow, escalation_id, with_for_update=lock or None, populate_existing=lock)


def by_cause(session: Session, kind: EscalationKind, cause: UUID) -> EscalationRow | None:
    return session.scalars(
        select(EscalationRow).where(EscalationRow.kind == kind, EscalationRow.cause == cause)
    ).one_or_none()


def raised(session: Session, kind: EscalationKind, causes: Collection[UUID]) -> set[UUID]:
    """Those of `causes` for which one of this kind was raised."""
    if not causes:
        return set()
    e = _escalation.c
    return set(session.scalars(select(e.cause).where(e.kind == kind, among(session, e.cause, causes))))


def add(
    session: Session,
    kind: EscalationKind,
    rows: Sequence[tuple[UUID, UUID, str, UUID]],
    *,
    due_at: datetime,
    now: datetime,
) -> None:
    """Escalation, patient, site, cause; open, holding no plan, nobody called."""
    alike = {"kind": kind, "state": EscalationState.OPEN, "raised_at": now, "due_at": due_at, "holds": False}
    columns = ("escalation_id", "patient_id", "site_id", "cause")
    add_all(session, _escalation, columns, rows, alike | {"updated_at": now, "version": 1})


def of_patient(session: Session, patient_id: UUID) -> Sequence[EscalationRow]:
    return session.scalars(select(EscalationRow).where(EscalationRow.patient_id == patient_id)).all()


def unresolved(session: Session, patient_id: UUID, kind: EscalationKind) -> EscalationRow | None:
    return session.scalars(
        select(EscalationRow)
        .where(
            EscalationRow.patient_id == patient_id,
            EscalationRow.kind == kind,
            EscalationRow.state != EscalationState.RESOLVED,
        )
        .limit(1)
    ).first()


def unresolved_count(session: Session, patient_id: UUID) -> int:
    return session.execute(
        select(func.count()).where(
            EscalationRow.patient_id == patient_id, EscalationRow.state != EscalationState.RESOLVED
        )
    ).scalar_one()


def at_sites(sites: Iterable[str], state: EscalationState | None) -> Select[EscalationRow]:
    query = select(EscalationRow).where(EscalationRow.site_id.in_(frozenset(sites)))
    return query if state is None else query.where(EscalationRow.state == state)


def on_board(session: Session, site_id: str, *, resolved_since: datetime) -> Sequence[EscalationRow]:
    """A site's escalations that nobody has resolved, and those resolved lately; the earliest due first."""
    unresolved = EscalationRow.state != EscalationState.RESOLVED
    wanted = or_(unresolved, EscalationRow.resolved_at >= resolved_since)
    query = select(EscalationRow).where(EscalationRow.site_id == site_id, wanted)
    return session.scalars(query.order_by(EscalationRow.due_at, EscalationRow.escalation_id)).all()


def next_call(session: Session) -> datetime | None:
    return session.scalar(select(func.min(EscalationRow.next_call_at)))


def to_call(session: Session, *, now: datetime, limit: int) -> Sequence[UUID]:
    """Escalations that nobody has acknowledged by their `next_call_at` (inclusive), earliest first."""
    return session.scalars(
        select(EscalationRow.escalation_id)
        .where(EscalationRow.next_call_at <= now)
        .order_by(EscalationRow.next_call_at, EscalationRow.escalation_id)
        .limit(limit)
    ).all()


def note_place(escalation_id: UUID) -> str:
    """What a sealed note is bound to."""
    return f"escalation/{escalation_id}/note"
