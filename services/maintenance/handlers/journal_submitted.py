"""journal-submitted: the patient kept a journal, and perhaps wants to talk to someone."""

from datetime import datetime

from services.maintenance.deps import Deps
from services.maintenance.use_cases.count_journal import count_journal
from shared.contracts.journal_submitted import JournalSubmitted
from shared.contracts.registry import Event
from shared.store.unit_of_work import UnitOfWork


def handle(deps: Deps, uow: UnitOfWork, event: Event, now: datetime) -> None:
    if not isinstance(event, JournalSubmitted):
        raise TypeError("only journal-submitted is handled here")
    count_journal(uow, event, rules=deps.rules, sites=deps.sites, now=now)
