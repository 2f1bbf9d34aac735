"""Queries about patients' files: who may see one, what has become of it, which wait for their time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from services.maintenance.domain.plan import PlanState
from services.maintenance.store.tables import (
    AssessmentRow,
    EscalationRow,
    PageRow,
    PlanChangeRow,
    PlanRow,
    PlanSiteRow,
    ThreadRow,
)
from shared.kernel.ids import new_id


def find(session: Session, patient_id: UUID, *, lock: bool = False) -> PlanRow | None:
    """The file; `lock` holds it to commit, so that a patient's facts are taken in one after the other."""
    return session.get(PlanRow, patient_id, with_for_update=lock or None)


def open_file(session: Session, patient_id: UUID, *, site_id: str, now: datetime) -> PlanRow:
    """The locked file of a patient, made when there is none; two who make it at once get the same one."""
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    made = session.execute(
        upsert(PlanRow)
        .values(
            patient_id=patient_id,
            site_id=site_id,
            named=False,
            facts=0,
            state=PlanState.INDUCTION,
            cycle=0,
            sessions_done=0,
            explanation="",
            policy_version="",
            created_at=now,
            updated_at=now,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(PlanRow.patient_id)
    ).scalar_one_or_none()
    if made is not None:
        # each patient has a line to the prescriber from the start
        session.execute(insert(ThreadRow).values(thread_id=new_id(), patient_id=patient_id, updated_at=now, version=1))
    row = find(session, patient_id, lock=True)
    if row is None:
        raise LookupError("a file that was just made is gone")
    return row


def sites_of(session: Session, plan: PlanRow) -> frozenset[str]:
    """The sites whose staff see the file: those that events named, or else the one that filed it."""
    if not plan.named:
        return frozenset({plan.site_id})
    named = session.scalars(select(PlanSiteRow.site_id).where(PlanSiteRow.patient_id == plan.patient_id))
    return frozenset(named)


def name_site(session: Session, plan: PlanRow, site_id: str, *, now: datetime) -> None:
    """An event names `site_id` for the patient. The first one takes along what was filed before it; safe to repeat."""
    if not plan.named:
        plan.named = True
        plan.site_id = site_id
        _move_filed(session, plan.patient_id, site_id, now)
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    session.execute(upsert(PlanSiteRow).values(patient_id=plan.patient_id, site_id=site_id).on_conflict_do_nothing())


def history(session: Session, patient_id: UUID) -> Sequence[PlanChangeRow]:
    """Oldest first."""
    return session.scalars(
        select(PlanChangeRow).where(PlanChangeRow.patient_id == patient_id).order_by(PlanChangeRow.change_id)
    ).all()


def last_change(session: Session, patient_id: UUID) -> PlanChangeRow | None:
    return session.scalars(
        select(PlanChangeRow)
        .where(PlanChangeRow.patient_id == patient_id)
        .order_by(PlanChangeRow.change_id.desc())
        .limit(1)
    ).first()


def next_wake(session: Session) -> datetime | None:
    return session.scalar(select(func.min(PlanRow.wake_at)))


def to_wake(session: Session, *, now: datetime, limit: int) -> Sequence[UUID]:
    """Patients whose plan changes by time alone at `now` (inclusive), earliest first."""
    return session.scalars(
        select(PlanRow.patient_id)
        .where(PlanRow.wake_at <= now)
        .order_by(PlanRow.wake_at, PlanRow.patient_id)
        .limit(limit)
    ).all()


def _move_filed(session: Session, patient_id: UUID, site_id: str, now: datetime) -> None:
    escalations = select(EscalationRow.escalation_id).where(EscalationRow.patient_id == patient_id)
    session.execute(update(PageRow).where(PageRow.escalation_id.in_(escalations)).values(site_id=site_id))
    moved = {"site_id": site_id, "updated_at": now}
    session.execute(update(AssessmentRow).where(AssessmentRow.patient_id == patient_id).values(moved))
    # an update in bulk passes by the ORM, which counts versions else
    moved |= {"version": EscalationRow.version + 1}
    session.execute(update(EscalationRow).where(EscalationRow.patient_id == patient_id).values(moved))
