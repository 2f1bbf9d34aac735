"""session-completed: a dose was given, or what was said of one is corrected."""

from datetime import datetime

from services.maintenance.deps import Deps
from services.maintenance.use_cases.count_session import count_session
from shared.contracts.registry import Event
from shared.contracts.session_completed import SessionCompleted
from shared.store.unit_of_work import UnitOfWork


def handle(deps: Deps, uow: UnitOfWork, event: Event, now: datetime) -> None:
    if not isinstance(event, SessionCompleted):
        raise TypeError("only session-completed is handled here")
    count_session(uow, event, rules=deps.rules, sites=deps.sites, now=now)
