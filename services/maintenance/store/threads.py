"""Queries about threads and their messages."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from services.maintenance.store.tables import MessageRow, PlanRow, PlanSiteRow, ThreadRow


def find(session: Session, thread_id: UUID, *, lock: bool = False) -> ThreadRow | None:
    return session.get(ThreadRow, thread_id, with_for_update=lock or None)


def at_sites(sites: Iterable[str]) -> Select[ThreadRow]:
    """Threads of the patients whose files the staff of `sites` see."""
    wanted = frozenset(sites)
    named = select(PlanSiteRow.patient_id).where(PlanSiteRow.site_id.in_(wanted))
    filed = select(PlanRow.patient_id).where(PlanRow.named.is_(False), PlanRow.site_id.in_(wanted))
    return select(ThreadRow).where(or_(ThreadRow.patient_id.in_(named), ThreadRow.patient_id.in_(filed)))


def of_patient(patient_id: UUID) -> Select[ThreadRow]:
    return select(ThreadRow).where(ThreadRow.patient_id == patient_id)


def messages_of(session: Session, thread_ids: Iterable[UUID]) -> dict[UUID, list[MessageRow]]:
    """Each thread's messages, oldest first."""
    found: dict[UUID, list[MessageRow]] = {}
    rows: Sequence[MessageRow] = session.scalars(
        select(MessageRow).where(MessageRow.thread_id.in_(tuple(thread_ids))).order_by(MessageRow.number)
    ).all()
    for row in rows:
        found.setdefault(row.thread_id, []).append(row)
    return found


def last_number(session: Session, thread_id: UUID) -> int:
    return session.scalar(select(func.max(MessageRow.number)).where(MessageRow.thread_id == thread_id)) or 0


def text_place(message_id: UUID) -> str:
    """What a sealed text is bound to."""
    return f"message/{message_id}/text"
