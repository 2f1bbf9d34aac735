"""Keep what stood before a replacement, beside what stands since."""

from datetime import datetime
from typing import Any

from services.discharge.store.tables import ChartChangeRow, RecoveryRow
from shared.kernel.ids import new_id
from shared.store.unit_of_work import UnitOfWork


def keep_change(
    uow: UnitOfWork, row: RecoveryRow, what: str, before: dict[str, Any], after: dict[str, Any], *, now: datetime
) -> None:
    """`what` names the part of the chart; `before` and `after` are its fields, ready for JSON."""
    uow.session.add(
        ChartChangeRow(
            change_id=new_id(),
            session_id=row.session_id,
            what=what,
            changed_at=now,
            changed_by=uow.actor.subject,
            before=before,
            after=after,
        )
    )
