"""Calls for boosters, snoozes, and what colleagues were asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from services.intake.store.tables import BoosterCallerRow, BoosterCallRow, BoosterSnoozeRow, BoosterTaskRow
from shared.kernel.errors import Unavailable
from shared.store.sealing import SealBroken, Sealer


@dataclass(frozen=True, slots=True)
class Contact:
    """How the calling for one cycle stands: the calls that weren't taken back, the last of them, the snooze that
    nobody ended, what the last call asked of a colleague, and who opened the cycle last."""

    calls: int = 0
    last: BoosterCallRow | None = None
    snooze: BoosterSnoozeRow | None = None
    task: BoosterTaskRow | None = None
    caller: BoosterCallerRow | None = None


NOBODY_CALLED = Contact()

# made once: building a statement costs as much as running it
_THESE: BindParameter[UUID] = bindparam("booster_ids", expanding=True)
_CALLS = (
    select(BoosterCallRow)
    .where(BoosterCallRow.booster_id.in_(_THESE), BoosterCallRow.undone_at.is_(None))
    .order_by(BoosterCallRow.number)
)
_SNOOZES = (
    select(BoosterSnoozeRow)
    .where(BoosterSnoozeRow.booster_id.in_(_THESE), BoosterSnoozeRow.ended_at.is_(None))
    .order_by(BoosterSnoozeRow.snoozed_at)
)
_TASKS = select(BoosterTaskRow).where(BoosterTaskRow.booster_id.in_(_THESE))
_CALLERS = select(BoosterCallerRow).where(BoosterCallerRow.booster_id.in_(_THESE))


def contacts_of(session: Session, booster_ids: Collection[UUID]) -> dict[UUID, Contact]:
    """By cycle; one that nobody called, snoozed or opened may be absent."""
    if not booster_ids:
        return {}
    of_these = {"booster_ids": list(booster_ids)}
    calls: dict[UUID, list[BoosterCallRow]] = {}
    for call in session.scalars(_CALLS, of_these):
        calls.setdefault(call.booster_id, []).append(call)
    snoozes = {row.booster_id: row for row in session.scalars(_SNOOZES, of_these)}
    tasks = {row.call_id: row for row in session.scalars(_TASKS, of_these)}
    callers = {row.booster_id: row for row in session.scalars(_CALLERS, of_these)}
    found = {}
    for booster_id in calls.keys() | snoozes.keys() | callers.keys():
        made = calls.get(booster_id, [])
        last = made[-1] if made else None
        found[booster_id] = Contact(
            calls=len(made),
            last=last,
            snooze=snoozes.get(booster_id),
            task=tasks.get(last.call_id) if last else None,
            caller=callers.get(booster_id),
        )
    return found


def contact_of(session: Session, booster_id: UUID) -> Contact:
    return contacts_of(session, [booster_id]).get(booster_id, NOBODY_CALLED)


def of_booster(session: Session, booster_id: UUID) -> Sequence[BoosterCallRow]:
    """Every call, newest first, those taken back among them."""
    statement = select(BoosterCallRow).where(BoosterCallRow.booster_id == booster_id)
    return session.scalars(statement.order_by(BoosterCallRow.number.desc())).all()


def by_ids(session: Session, call_ids: Collection[UUID]) -> dict[UUID, BoosterCallRow]:
    rows = session.scalars(select(BoosterCallRow).where(BoosterCallRow.call_id.in_(call_ids)))
    return {row.call_id: row for row in rows}


def next_number(session: Session, booster_id: UUID) -> int:
    """Of the next call; the caller holds the cycle's row."""
    highest = select(func.max(BoosterCallRow.number)).where(BoosterCallRow.booster_id == booster_id)
    return (session.execute(highest).scalar_one() or 0) + 1


def caller_of(session: Session, booster_id: UUID) -> BoosterCallerRow | None:
    return session.get(BoosterCallerRow, booster_id)


def let_go_of_others(session: Session, opened_by: str, *, but: UUID) -> None:
    """Forget the cycles that this person had open before."""
    session.execute(
        delete(BoosterCallerRow).where(BoosterCallerRow.opened_by == opened_by, BoosterCallerRow.booster_id != but)
    )


def task_by_id(session: Session, task_id: UUID) -> BoosterTaskRow | None:
    return session.get(BoosterTaskRow, task_id)


def task_of_call(session: Session, call_id: UUID) -> BoosterTaskRow | None:
    return session.scalars(select(BoosterTaskRow).where(BoosterTaskRow.call_id == call_id)).one_or_none()


def unanswered(sites: Collection[str]) -> Select[BoosterTaskRow]:
    """What colleagues of `sites` are asked and haven't answered. Unordered."""
    return select(BoosterTaskRow).where(BoosterTaskRow.site_id.in_(sites), BoosterTaskRow.done_at.is_(None))


def open_tasks(session: Session, sites: Collection[str]) -> Sequence[BoosterTaskRow]:
    """The same, the oldest first."""
    oldest_first = unanswered(sites).order_by(BoosterTaskRow.raised_at, BoosterTaskRow.task_id)
    return session.scalars(oldest_first).all()


def sealed_note(text: str, call_id: UUID, sealer: Sealer) -> bytes:
    return sealer.seal_text(text, bound_to=_note_place(call_id))


def note_of(row: BoosterCallRow, sealer: Sealer) -> str | None:
    """Raises Unavailable when the seal doesn't open."""
    if row.note_sealed is None:
        return None
    try:
        return sealer.open_text(row.note_sealed, bound_to=_note_place(row.call_id))
    except SealBroken:
        raise Unavailable("These words can’t be opened with the keys that this service has.") from None


def _note_place(call_id: UUID) -> str:
    return f"booster_call/{call_id}/note"
