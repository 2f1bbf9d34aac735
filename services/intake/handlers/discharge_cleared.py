"""discharge-cleared: the patient has left, so the chair is free; or never did, since the session never was."""

from datetime import datetime

from services.intake.deps import Deps
from services.intake.domain.sessions import ChartStatus
from services.intake.use_cases.record_leaving import RecordLeaving, record_leaving
from shared.contracts.discharge_cleared import DischargeCleared
from shared.contracts.registry import Event
from shared.store.unit_of_work import UnitOfWork


def handle(_: Deps, uow: UnitOfWork, event: Event, now: datetime) -> None:
    if not isinstance(event, DischargeCleared):
        raise TypeError(f"{type(event).__name__} came on discharge-cleared’s topic")
    command = RecordLeaving(
        session_id=event.session_id,
        revision=event.revision,
        left_at=event.left_at,
        disposition=event.disposition.value,
        status=ChartStatus(event.status.value),
    )
    record_leaving(uow, command, now=now)
