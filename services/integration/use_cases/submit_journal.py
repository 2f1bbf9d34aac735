"""Keeps what a patient wrote, drew or practised after a session."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.integration.domain.journal import Practice, Sharing, Words
from services.integration.domain.policies.journals import EntryLimits, complaints_about, published_mood
from services.integration.domain.policies.window import WindowRules, oldest_entry
from services.integration.domain.task import TaskKind
from services.integration.store import journals, windows
from services.integration.store.tables import JournalRow
from services.integration.use_cases.raise_task import raise_task
from services.integration.use_cases.visible import window_for
from shared.contracts import journal_submitted as contract
from shared.kernel.errors import Invalid
from shared.kernel.ids import new_id
from shared.messaging.outbox import publish
from shared.store import audit
from shared.store.sealing import Sealer
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork

_AHEAD = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitJournal:
    """`written_at` None: now."""

    patient_id: UUID
    session_id: UUID
    practice: Practice
    words: Words
    sharing: Sharing
    contact_requested: bool
    written_at: datetime | None


def submit_journal(
    uow: UnitOfWork, entry: SubmitJournal, *, rules: WindowRules, sealer: Sealer, now: datetime
) -> JournalRow:
    """Keep the journal, label it by when it was written, tell maintenance, and raise a wish to talk to someone.

    Raises NotFound (no such window for this caller, or another patient's) and Invalid (dates, or nothing in it).
    """
    window = window_for(uow, entry.session_id, patient_id=entry.patient_id, lock=True)
    written_at = entry.written_at or now
    limits = EntryLimits(oldest=oldest_entry(window.administration_ended_at, rules), newest=now + _AHEAD)
    complaints = (*limits.complaints_about(written_at), *complaints_about(entry.practice, entry.words))
    if complaints:
        raise Invalid(*complaints)
    position = windows.span(window).position(written_at)
    row = JournalRow(
        journal_id=new_id(),
        session_id=window.session_id,
        patient_id=window.patient_id,
        site_id=window.site_id,
        practice=entry.practice,
        sharing=entry.sharing,
        written_at=written_at,
        submitted_at=now,
        window_position=position,
        position_when_submitted=position,
        contact_requested=entry.contact_requested,
        edition=1,
        updated_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    journals.keep_words(uow.session, row, entry.words, sealer=sealer, now=now)
    touch(window, now=now)
    if entry.contact_requested:
        raise_task(uow, TaskKind.CONTACT_REQUESTED, window, cause=row.journal_id, now=now)
    publish(uow, _event(row, entry.words), now=now)
    audit.wrote(
        uow, "journal-submitted", at=now, patient_id=row.patient_id, record_id=row.journal_id, site_id=row.site_id
    )
    return row


def _event(row: JournalRow, words: Words) -> contract.JournalSubmitted:
    return contract.JournalSubmitted(
        journal_id=row.journal_id,
        patient_id=row.patient_id,
        site_id=row.site_id,
        session_id=row.session_id,
        practice=contract.Practice(row.practice.value),
        written_at=row.written_at,
        submitted_at=row.submitted_at,
        window_position=contract.WindowPosition(row.position_when_submitted.value),
        mood_0_10=published_mood(row.sharing, words.mood_0_10),
        contact_requested=row.contact_requested,
        sharing=contract.Sharing(row.sharing.value),
    )
