"""Queries about overrides, and the sealing of their reasons."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.maintenance.store.tables import OverrideRow


def find(session: Session, override_id: UUID) -> OverrideRow | None:
    return session.get(OverrideRow, override_id)


def of_patient(session: Session, patient_id: UUID) -> Sequence[OverrideRow]:
    """Oldest first, those that wait for a confirmation too."""
    return session.scalars(
        select(OverrideRow)
        .where(OverrideRow.patient_id == patient_id)
        .order_by(OverrideRow.ordered_at, OverrideRow.override_id)
    ).all()


def reason_place(override_id: UUID) -> str:
    """What a sealed reason is bound to."""
    return f"override/{override_id}/reason"
