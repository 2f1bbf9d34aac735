"""Sessions: chairs and patients that are taken, and today's board."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from services.intake.domain.policies.booking import Slot
from services.intake.domain.sessions import BEFORE_DOSE, HOLDING_STATES, SessionKind
from services.intake.store.tables import ChairRow, ChartChangeRow, LeavingRow, SessionRow


def by_id(session: Session, session_id: UUID) -> SessionRow | None:
    return session.get(SessionRow, session_id)


def locked(session: Session, session_id: UUID) -> SessionRow:
    """The session, freshly read and held to commit."""
    statement = select(SessionRow).where(SessionRow.session_id == session_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def with_way_home(session: Session, session_ids: Collection[UUID], *, sites: Collection[str]) -> list[SessionRow]:
    """Those of these sessions at `sites` that have somebody named to take the patient home, by start."""
    statement = select(SessionRow).where(
        SessionRow.session_id.in_(list(session_ids)),
        SessionRow.site_id.in_(sites),
        SessionRow.transport_kind.is_not(None),
    )
    return list(session.scalars(statement.order_by(SessionRow.starts_at, SessionRow.session_id)))


def lock_chair(session: Session, site_id: str, chair_id: str) -> None:
    """Hold the chair to commit, so that two bookings of it can't both find it free."""
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    session.execute(upsert(ChairRow).values(site_id=site_id, chair_id=chair_id).on_conflict_do_nothing())
    session.execute(
        select(ChairRow.chair_id).where(ChairRow.site_id == site_id, ChairRow.chair_id == chair_id).with_for_update()
    )


def chair_taken(session: Session, site_id: str, chair_id: str, slot: Slot) -> bool:
    """Whether a session holds the chair at some instant of `slot`."""
    statement = select(SessionRow.session_id).where(
        SessionRow.site_id == site_id, SessionRow.chair_id == chair_id, *_holds(slot)
    )
    return session.execute(statement.limit(1)).first() is not None


def patient_taken(session: Session, patient_id: UUID, slot: Slot) -> bool:
    """Whether the patient is booked, on whatever chair of whatever site, at some instant of `slot`."""
    statement = select(SessionRow.session_id).where(SessionRow.patient_id == patient_id, *_holds(slot))
    return session.execute(statement.limit(1)).first() is not None


def boosters_ahead(session: Session, patient_id: UUID) -> list[SessionRow]:
    """The patient's booster sessions that are booked and not dosed, the next one first."""
    statement = select(SessionRow).where(
        SessionRow.patient_id == patient_id,
        SessionRow.kind == SessionKind.BOOSTER,
        SessionRow.state.in_(BEFORE_DOSE),
    )
    return list(session.scalars(statement.order_by(SessionRow.starts_at, SessionRow.session_id)))


def of_patient(session: Session, patient_id: UUID, *, sites: Collection[str]) -> list[SessionRow]:
    """The patient's sessions at `sites`, of any state, newest first."""
    statement = select(SessionRow).where(SessionRow.patient_id == patient_id, SessionRow.site_id.in_(sites))
    return list(session.scalars(statement.order_by(SessionRow.starts_at.desc(), SessionRow.session_id)))


def leaving_of(session: Session, session_id: UUID) -> LeavingRow | None:
    return session.get(LeavingRow, session_id)


def changes_of(session: Session, record_id: UUID) -> list[ChartChangeRow]:
    """Everything that was changed after it was charted, oldest first."""
    statement = select(ChartChangeRow).where(ChartChangeRow.record_id == record_id)
    return list(session.scalars(statement.order_by(ChartChangeRow.change_id)))


def changes_of_all(session: Session, record_ids: Collection[UUID]) -> dict[UUID, list[ChartChangeRow]]:
    """`changes_of` for many records at once; one that was never changed is absent."""
    statement = select(ChartChangeRow).where(ChartChangeRow.record_id.in_(record_ids))
    found: dict[UUID, list[ChartChangeRow]] = {}
    for row in session.scalars(statement.order_by(ChartChangeRow.change_id)):
        found.setdefault(row.record_id, []).append(row)
    return found


def _holds(slot: Slot) -> tuple[ColumnElement[bool], ...]:
    return (
        SessionRow.state.in_(HOLDING_STATES),
        SessionRow.starts_at < slot.ends_at,
        SessionRow.ends_at > slot.starts_at,
    )
