"""Keep the patient's word on the night: their own by portal, or told to a nurse on the phone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import RestrictionState
from services.discharge.store.recoveries import count_of, find
from services.discharge.store.tables import RecoveryRow, SleepAttestationRow
from services.discharge.use_cases.read_restriction import ExplainedRestriction, restriction_of
from services.discharge.use_cases.turns import require_open
from services.discharge.use_cases.upkeep import arm_reminders, disarm_reminders
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class WordOnSleep:
    slept_hours: float
    rested: bool
    symptom_free: bool


def attest_sleep(
    uow: UnitOfWork, session_id: UUID, word: WordOnSleep, *, book: RuleBook, now: datetime
) -> tuple[RecoveryRow, ExplainedRestriction]:
    """Keep the word and say how the restriction stands since.

    One given before the earliest end is kept and doesn't count; of the later ones the latest counts, so a later word
    that falls short brings an ended restriction back. Raises NotFound, WrongState.
    """
    row = find(uow.session, session_id, uow.actor, to_change=True)
    require_open(row)
    uow.session.add(
        SleepAttestationRow(
            attestation_id=new_id(),
            session_id=session_id,
            number=count_of(uow.session, SleepAttestationRow, session_id) + 1,
            attested_at=now,
            slept_hours=word.slept_hours,
            rested=word.rested,
            symptom_free=word.symptom_free,
            told_to=uow.actor.subject,
        )
    )
    uow.session.flush()
    explained = restriction_of(uow, row, book=book, now=now)
    _keep_reminders(row, explained, book, now)
    touch(row, now=now)
    audit.wrote(uow, "sleep-attested", at=now, patient_id=row.patient_id, record_id=session_id, site_id=row.site_id)
    uow.session.flush()
    return row, explained


def _keep_reminders(row: RecoveryRow, explained: ExplainedRestriction, book: RuleBook, now: datetime) -> None:
    standing = explained.restriction
    if standing.state is RestrictionState.ENDED:
        row.restriction_ended_at = standing.ends_at
        disarm_reminders(row)
    elif standing.state is RestrictionState.UNCONFIRMED and row.restriction_ended_at is not None:
        row.restriction_ended_at = None
        arm_reminders(row, book.driving(row.site_id), after=now)
