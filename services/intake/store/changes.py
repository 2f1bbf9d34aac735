"""Keeps what was charted before beside what is charted now."""

from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from services.intake.store.tables import ChartChangeRow
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Phone:
    """A patient's number, as it was or is."""

    phone: str


def keep(
    uow: UnitOfWork, *, record_id: UUID, what: str, old: object, new: object, reason: str | None, now: datetime
) -> None:
    """Enter that `what` ("administration") of a record was changed from `old` to `new`, two values of one dataclass.

    Only the fields that differ are kept; nothing is entered when none does.
    """
    before, after = _plain(old), _plain(new)
    names = [name for name in (*before, *(n for n in after if n not in before)) if before.get(name) != after.get(name)]
    if not names:
        return
    uow.session.add(
        ChartChangeRow(
            record_id=record_id,
            what=what,
            changed_at=now,
            changed_by=uow.actor.subject,
            reason=reason,
            old={name: before.get(name) for name in names},
            new={name: after.get(name) for name in names},
        )
    )


def _plain(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{type(value).__name__} is no charted value")
    return {name: _text(inner) for name, inner in asdict(value).items()}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
