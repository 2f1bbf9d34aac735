"""Queries about journals, and the one place that seals and opens their words."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import Session

from services.integration.domain.journal import Words, WordsFailMe
from services.integration.domain.policies.sharing import Reach
from services.integration.store.tables import JournalEditionRow, JournalRow
from shared.kernel.errors import Unavailable
from shared.store.sealing import SealBroken, Sealer


def find(session: Session, journal_id: UUID) -> JournalRow | None:
    return session.get(JournalRow, journal_id)


def locked(session: Session, journal_id: UUID) -> JournalRow | None:
    return session.get(JournalRow, journal_id, with_for_update=True)


def of_session(session: Session, session_id: UUID) -> list[JournalRow]:
    return list(session.scalars(select(JournalRow).where(JournalRow.session_id == session_id)))


def of_patient(session: Session, patient_id: UUID, *, sites: Iterable[str]) -> list[JournalRow]:
    """That the patient's journals at `sites` are there, whoever may read their words."""
    return list(
        session.scalars(select(JournalRow).where(JournalRow.patient_id == patient_id, JournalRow.site_id.in_(sites)))
    )


def within(
    reach: Reach, *, sites: Iterable[str], patient_id: UUID | None, session_id: UUID | None
) -> Select[JournalRow]:
    """The journals that this reader may see, of `sites` for staff; never one that is not shared with them."""
    query = select(JournalRow)
    if reach.patient_id is not None:
        query = query.where(JournalRow.patient_id == reach.patient_id)
    elif reach.tiers:
        asked = reach.sites.intersection(sites)
        query = query.where(and_(JournalRow.site_id.in_(asked), JournalRow.sharing.in_(reach.tiers)))
    else:
        query = query.where(false())
    if patient_id is not None:
        query = query.where(JournalRow.patient_id == patient_id)
    if session_id is not None:
        query = query.where(JournalRow.session_id == session_id)
    return query


def keep_words(session: Session, row: JournalRow, words: Words, *, sealer: Sealer, now: datetime) -> None:
    """Keep `words` as the edition that `row.edition` names; earlier editions stay as they are."""
    session.add(
        JournalEditionRow(
            journal_id=row.journal_id,
            number=row.edition,
            sealed_words=sealer.seal_text(_to_text(words), bound_to=_bound_to(row.journal_id, row.edition)),
            kept_at=now,
        )
    )


def words_of(session: Session, rows: Sequence[JournalRow], *, sealer: Sealer) -> dict[UUID, Words]:
    """The current words of all these journals, in one query. Raises Unavailable when a seal doesn't open."""
    if not rows:
        return {}
    current = or_(
        *(and_(JournalEditionRow.journal_id == row.journal_id, JournalEditionRow.number == row.edition) for row in rows)
    )
    return {
        found.journal_id: _open(found, sealer) for found in session.scalars(select(JournalEditionRow).where(current))
    }


def earlier_words(session: Session, row: JournalRow, *, sealer: Sealer) -> list[tuple[datetime, Words]]:
    """What stood before the current words, oldest first, each with when it was kept."""
    query = (
        select(JournalEditionRow)
        .where(JournalEditionRow.journal_id == row.journal_id, JournalEditionRow.number < row.edition)
        .order_by(JournalEditionRow.number)
    )
    return [(found.kept_at, _open(found, sealer)) for found in session.scalars(query)]


def _bound_to(journal_id: UUID, number: int) -> str:
    return f"journal/{journal_id}/{number}"


def _open(edition: JournalEditionRow, sealer: Sealer) -> Words:
    try:
        text = sealer.open_text(edition.sealed_words, bound_to=_bound_to(edition.journal_id, edition.number))
    except SealBroken:
        raise Unavailable("These words can’t be opened with the keys that this service has.") from None
    return _from_text(text)


def _to_text(words: Words) -> str:
    form = words.words_fail_me
    return json.dumps(
        {
            "text": words.text,
            "words_fail_me": None if form is None else {"body": form.body, "feelings": list(form.feelings)},
            "mood_0_10": words.mood_0_10,
        },
        separators=(",", ":"),
    )


def _from_text(text: str) -> Words:
    kept = json.loads(text)
    form = kept["words_fail_me"]
    return Words(
        text=kept["text"],
        words_fail_me=None if form is None else WordsFailMe(form["body"], tuple(form["feelings"])),
        mood_0_10=kept["mood_0_10"],
    )
