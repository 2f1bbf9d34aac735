"""The desk called a patient for a booster, and says what came of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.calls import TASKS, CallOutcome
from services.intake.domain.policies.calling import Word, call_from, check_word
from services.intake.domain.rules import IntakeRules
from services.intake.store import calls, patients
from services.intake.store.tables import BoosterCallRow, BoosterRow, BoosterTaskRow, PatientRow
from services.intake.use_cases.booster_turns import let_go, to_be_called, written
from services.intake.use_cases.change_phone import change_phone
from shared.kernel.errors import FieldError, Invalid
from shared.kernel.ids import new_id
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.sealing import Sealer
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordOutcome:
    """`note` is for the desk, sealed as other people's words are."""

    word: Word
    note: str | None


def record_booster_outcome(
    uow: UnitOfWork,
    booster_id: UUID,
    command: RecordOutcome,
    *,
    sites: Sites,
    rules: IntakeRules,
    sealer: Sealer,
    now: datetime,
) -> BoosterCallRow:
    """Enter a call and what came of it; who must act next gets a task. Raises as `to_be_called` does."""
    row = to_be_called(uow, booster_id, sites, now=now)
    word = command.word
    site = sites[row.site_id]
    if found := check_word(word, rules.calling, site=site, now=now):
        raise Invalid(*found)
    patient = patients.by_id(uow.session, row.patient_id)
    before = patient.phone if patient is not None else None
    if word.phone is not None:
        _new_phone(uow, patient, word.phone, now=now)
    call = BoosterCallRow(
        call_id=new_id(),
        booster_id=booster_id,
        number=calls.next_number(uow.session, booster_id),
        outcome=word.outcome,
        reason=word.reason,
        call_from=call_from(word, rules.calling, site=site, now=now),
        phone_before=before if word.outcome is CallOutcome.WRONG_NUMBER else None,
        phone_after=word.phone,
        made_at=now,
        made_by=uow.actor.subject,
        made_by_name=uow.actor.name,
    )
    if command.note is not None:
        call.note_sealed = calls.sealed_note(command.note, call.call_id, sealer)
    uow.session.add(call)
    uow.session.flush()
    _ask_colleague(uow, row, call, now=now)
    let_go(uow, booster_id)
    written(uow, "booster-call-recorded", row, now=now)
    return call


def _new_phone(uow: UnitOfWork, patient: PatientRow | None, phone: str, *, now: datetime) -> None:
    if patient is None:
        raise Invalid(FieldError("/phone", "This patient isn’t registered here."))
    if phone == patient.phone:
        raise Invalid(FieldError("/phone", "This is the number that was wrong."))
    change_phone(uow, patient, phone, reason="wrong number at a call", now=now)


def _ask_colleague(uow: UnitOfWork, row: BoosterRow, call: BoosterCallRow, *, now: datetime) -> None:
    kind = TASKS.get(call.outcome)
    if kind is None:
        return
    task = BoosterTaskRow(
        task_id=new_id(),
        call_id=call.call_id,
        booster_id=row.booster_id,
        patient_id=row.patient_id,
        site_id=row.site_id,
        kind=kind,
        raised_at=now,
    )
    uow.session.add(task)
    audit.wrote(
        uow, "booster-task-raised", at=now, patient_id=row.patient_id, record_id=task.task_id, site_id=row.site_id
    )
