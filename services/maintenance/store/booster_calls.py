"""Queries about what the desk was told of each cycle."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.maintenance.store.tables import BoosterCallRow


def of_plans(session: Session, plan_ids: Iterable[UUID]) -> Sequence[BoosterCallRow]:
    """Lowest cycle first."""
    return session.scalars(
        select(BoosterCallRow)
        .where(BoosterCallRow.plan_id.in_(tuple(plan_ids)))
        .order_by(BoosterCallRow.plan_id, BoosterCallRow.cycle)
    ).all()
