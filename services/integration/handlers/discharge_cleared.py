"""discharge-cleared: a patient has left, so their window can be counted."""

from datetime import datetime

from services.integration.deps import Deps
from services.integration.use_cases.open_window import open_window
from shared.contracts.discharge_cleared import DischargeCleared
from shared.contracts.registry import Event
from shared.store.unit_of_work import UnitOfWork


def handle(deps: Deps, uow: UnitOfWork, event: Event, now: datetime) -> None:
    if not isinstance(event, DischargeCleared):
        raise TypeError("only discharge-cleared is handled here")
    open_window(uow, event, rules=deps.rules, sites=deps.sites, now=now)
