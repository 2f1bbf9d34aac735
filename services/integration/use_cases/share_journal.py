"""Changes whom a patient lets read a journal."""

from datetime import datetime

from services.integration.domain.journal import Sharing
from services.integration.store.tables import JournalRow
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def share_journal(uow: UnitOfWork, row: JournalRow, sharing: Sharing, *, now: datetime) -> JournalRow:
    """Share `row` with `sharing` from now on. What was published of it before can't be called back."""
    row.sharing = sharing
    touch(row, now=now)
    audit.wrote(
        uow, "journal-sharing-changed", at=now, patient_id=row.patient_id, record_id=row.journal_id, site_id=row.site_id
    )
    return row
