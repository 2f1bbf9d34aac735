"""Queries about windows and their prompts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from services.integration.domain.prompts import PromptKind, PromptState
from services.integration.domain.window import Window, WindowPosition, WindowState
from services.integration.store.tables import JournalRow, PromptRow, WindowRow
from shared.kernel.people import Actor

_ORDER = list(PromptKind)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a window: its prompts in the order they are asked, its journals counted by position."""

    prompts: list[PromptRow] = field(default_factory=list)
    journals: dict[WindowPosition, int] = field(default_factory=dict)


def span(row: WindowRow) -> Window:
    return Window(opens_at=row.opens_at, closes_at=row.closes_at, withdrawn_at=row.withdrawn_at)


def find(session: Session, session_id: UUID) -> WindowRow | None:
    return session.get(WindowRow, session_id)


def locked(session: Session, session_id: UUID) -> WindowRow | None:
    """The window, held until the transaction ends: what is written beside it can't race a correction."""
    return session.get(WindowRow, session_id, with_for_update=True)


def is_known_to(session: Session, actor: Actor, patient_id: UUID) -> bool:
    """Whether any window of the patient is visible to `actor`."""
    if actor.is_portal:
        return actor.patient_id == patient_id
    mine = select(WindowRow.session_id).where(WindowRow.patient_id == patient_id, WindowRow.site_id.in_(actor.sites))
    return session.execute(mine.limit(1)).first() is not None


def is_known(session: Session, patient_id: UUID) -> bool:
    """Whether any event has named this patient here."""
    return (
        session.execute(select(WindowRow.session_id).where(WindowRow.patient_id == patient_id).limit(1)).first()
        is not None
    )


def of_patient(session: Session, patient_id: UUID, *, sites: Iterable[str]) -> list[WindowRow]:
    """The patient's windows at `sites`, the latest session first; those withdrawn come last."""
    query = select(WindowRow).where(WindowRow.patient_id == patient_id, WindowRow.site_id.in_(sites))
    rows = session.scalars(query.order_by(WindowRow.administration_ended_at.desc(), WindowRow.session_id))
    return sorted(rows, key=lambda row: row.withdrawn_at is not None)


def of_sites(
    sites: Iterable[str], *, state: WindowState | None, patient_id: UUID | None, now: datetime
) -> Select[WindowRow]:
    """Windows at `sites`, those that are in `state` at `now` when one is asked for."""
    query = select(WindowRow).where(WindowRow.site_id.in_(sites))
    if patient_id is not None:
        query = query.where(WindowRow.patient_id == patient_id)
    stands = WindowRow.withdrawn_at.is_(None)
    match state:
        case None:
            return query
        case WindowState.UPCOMING:
            return query.where(WindowRow.opens_at > now, stands)
        case WindowState.OPEN:
            return query.where(WindowRow.opens_at <= now, WindowRow.closes_at >= now, stands)
        case WindowState.CLOSED:
            return query.where(or_(WindowRow.closes_at < now, ~stands))


def on_board(
    session: Session, site_id: str, *, closed_since: datetime, with_open_tasks: Iterable[UUID]
) -> list[WindowRow]:
    """A site's windows that stand and aren't long closed, and those that somebody still has to do something for."""
    stands = or_(WindowRow.closes_at >= closed_since, WindowRow.session_id.in_(tuple(with_open_tasks)))
    query = select(WindowRow).where(WindowRow.site_id == site_id, WindowRow.withdrawn_at.is_(None), stands)
    return list(session.scalars(query.order_by(WindowRow.closes_at, WindowRow.session_id)))


def around(session: Session, session_ids: Sequence[UUID]) -> dict[UUID, Around]:
    """Prompts and journal counts of all these windows, in two queries."""
    found: dict[UUID, Around] = defaultdict(Around)
    prompts = session.scalars(select(PromptRow).where(PromptRow.session_id.in_(session_ids)))
    for prompt in sorted(prompts, key=lambda prompt: _ORDER.index(prompt.kind)):
        found[prompt.session_id].prompts.append(prompt)
    counted = session.execute(
        select(JournalRow.session_id, JournalRow.window_position, func.count())
        .where(JournalRow.session_id.in_(session_ids))
        .group_by(JournalRow.session_id, JournalRow.window_position)
    )
    for session_id, position, number in counted:
        found[session_id].journals[position] = number
    return found


def prompts_of(session: Session, session_id: UUID) -> dict[PromptKind, PromptRow]:
    return {row.kind: row for row in session.scalars(select(PromptRow).where(PromptRow.session_id == session_id))}


def next_prompt_at(session: Session) -> datetime | None:
    return session.execute(select(func.min(PromptRow.send_at))).scalar_one()


def prompts_to_send(session: Session, *, now: datetime, limit: int) -> list[tuple[PromptRow, WindowRow]]:
    """Planned prompts whose next try has come, with their windows held, the longest waiting first."""
    query = (
        select(PromptRow, WindowRow)
        .join(WindowRow, WindowRow.session_id == PromptRow.session_id)
        .where(PromptRow.send_at <= now, PromptRow.state == PromptState.PLANNED)
        .order_by(PromptRow.send_at, PromptRow.prompt_id)
        .limit(limit)
        .with_for_update()
    )
    return [(prompt, window) for prompt, window in session.execute(query)]


def next_kap_check_at(session: Session) -> datetime | None:
    return session.execute(select(func.min(WindowRow.kap_check_due_at))).scalar_one()


def windows_to_check(session: Session, *, now: datetime, limit: int) -> list[WindowRow]:
    query = (
        select(WindowRow)
        .where(WindowRow.kap_check_due_at <= now)
        .order_by(WindowRow.kap_check_due_at, WindowRow.session_id)
        .limit(limit)
        .with_for_update()
    )
    return list(session.scalars(query))
