"""The vault: queries about psychotherapy notes, and the one place that seals and opens their words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.integration.store.tables import PsychotherapyNoteEditionRow, PsychotherapyNoteRow
from shared.kernel.errors import Unavailable
from shared.store.sealing import SealBroken, Sealer


@dataclass(frozen=True, slots=True)
class Edition:
    text: str
    kept_at: datetime


def of_appointment(session: Session, appointment_id: UUID) -> PsychotherapyNoteRow | None:
    query = select(PsychotherapyNoteRow).where(PsychotherapyNoteRow.appointment_id == appointment_id)
    return session.scalars(query).one_or_none()


def noted(session: Session, author: str, appointment_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these appointments on which `author` has written; that others have isn't told."""
    query = select(PsychotherapyNoteRow.appointment_id).where(
        PsychotherapyNoteRow.author == author, PsychotherapyNoteRow.appointment_id.in_(tuple(appointment_ids))
    )
    return set(session.scalars(query))


def keep_text(session: Session, row: PsychotherapyNoteRow, text: str, *, sealer: Sealer, now: datetime) -> None:
    """Keep `text` as the edition that `row.edition` names; earlier editions stay as they are."""
    sealed = sealer.seal_text(text, bound_to=_bound_to(row.note_id, row.edition))
    session.add(PsychotherapyNoteEditionRow(note_id=row.note_id, number=row.edition, sealed_text=sealed, kept_at=now))


def editions(session: Session, row: PsychotherapyNoteRow, *, sealer: Sealer) -> list[Edition]:
    """Every edition, the current one first. Raises Unavailable when a seal doesn't open."""
    query = (
        select(PsychotherapyNoteEditionRow)
        .where(PsychotherapyNoteEditionRow.note_id == row.note_id)
        .order_by(PsychotherapyNoteEditionRow.number.desc())
    )
    return [Edition(_open(found, sealer), found.kept_at) for found in session.scalars(query)]


def _open(edition: PsychotherapyNoteEditionRow, sealer: Sealer) -> str:
    try:
        return sealer.open_text(edition.sealed_text, bound_to=_bound_to(edition.note_id, edition.number))
    except SealBroken:
        raise Unavailable("These words can’t be opened with the keys that this service has.") from None


def _bound_to(note_id: UUID, number: int) -> str:
    return f"psychotherapy-note/{note_id}/{number}"
