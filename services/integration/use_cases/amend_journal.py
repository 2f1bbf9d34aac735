"""Puts new words in front of a journal's old ones, which stay."""

from datetime import datetime
from uuid import UUID

from services.integration.domain.journal import Words
from services.integration.domain.policies.journals import complaints_about
from services.integration.store import journals
from services.integration.store.tables import JournalRow
from services.integration.use_cases.visible import journal_for
from shared.kernel.errors import Invalid
from shared.store import audit
from shared.store.sealing import Sealer
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def amend_journal(uow: UnitOfWork, journal_id: UUID, words: Words, *, sealer: Sealer, now: datetime) -> JournalRow:
    """Keep `words` as the journal's next edition. Its date, label and what was published stay as they were.

    Raises NotFound, and Invalid when the words don't make an entry of its practice.
    """
    row = journal_for(uow, journal_id, lock=True)
    complaints = complaints_about(row.practice, words)
    if complaints:
        raise Invalid(*complaints)
    row.edition += 1
    row.amended_at = now
    touch(row, now=now)
    journals.keep_words(uow.session, row, words, sealer=sealer, now=now)
    audit.wrote(
        uow, "journal-amended", at=now, patient_id=row.patient_id, record_id=row.journal_id, site_id=row.site_id
    )
    return row
