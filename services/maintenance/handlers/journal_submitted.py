"""journal-submitted: patients kept a journal, and perhaps want to talk to someone. Many at once: journals outnumber all
other events, and what each changes is the same few rows."""

from collections.abc import Sequence
from datetime import datetime

from services.maintenance.deps import Deps
from services.maintenance.use_cases.count_journals import count_journals
from shared.contracts.journal_submitted import JournalSubmitted
from shared.messaging.letter import Letter
from shared.store.unit_of_work import UnitOfWork


def handle(deps: Deps, uow: UnitOfWork, letters: Sequence[Letter], now: datetime) -> None:
    told = [(_journal(letter), letter.envelope.correlation_id) for letter in letters]
    count_journals(uow, told, rules=deps.rules, sites=deps.sites, now=now)


def _journal(letter: Letter) -> JournalSubmitted:
    if not isinstance(letter.event, JournalSubmitted):
        raise TypeError("only journal-submitted is handled here")
    return letter.event
