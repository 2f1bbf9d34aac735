"""Queries about patients' files: who may see one, what has become of it, which wait for their time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, func, select, update
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
from shared.store.sets import add_missing, among

# for statements about many files at once, past the ORM
_plan = cast(Table, PlanRow.__table__)
_plan_site = cast(Table, PlanSiteRow.__table__)
_thread = cast(Table, ThreadRow.__table__)
_NEW_FILE = {
    "state": PlanState.INDUCTION,
    "named": False,
    "facts": 0,
    "cycle": 0,
    "sessions_done": 0,
    "explanation": "",
    "policy_version": "",
    "version": 1,
}


def find(session: Session, patient_id: UUID, *, lock: bool = False) -> PlanRow | None:
    """The file; `lock` holds it to commit, so that a patient's facts are taken in one after the other."""
    return session.get(PlanRow, patient_id, with_for_update=lock or None)


def open_file(session: Session, patient_id: UUID, *, site_id: str, now: datetime) -> PlanRow:
    """The locked file of a patient, made when there is none; two who make it at once get the same one."""
    open_files(session, {patient_id: site_id}, now=now)
    row = find(session, patient_id, lock=True)
    if row is None:
        raise LookupError("a file that was just made is gone")
    return row


def open_files(session: Session, filed_at: Mapping[UUID, str], *, now: datetime) -> set[UUID]:
    """Lock the files of patients, made at the site given where there are none; whose no event has named a site for."""
    named = _lock(session, filed_at)
    new = [(patient, site) for patient, site in sorted(filed_at.items(), key=_in_order) if patient not in named]
    if new:
        fresh = {**_NEW_FILE, "created_at": now, "updated_at": now}
        add_missing(session, _plan, ("patient_id", "site_id"), new, fresh)
        # each patient has a line to the prescriber from the start
        threads = [(new_id(), patient) for patient, _ in new]
        add_missing(session, _thread, ("thread_id", "patient_id"), threads, {"updated_at": now, "version": 1})
        named |= _lock(session, [patient for patient, _ in new])
    return {patient for patient, is_named in named.items() if not is_named}


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
    add_missing(session, _plan_site, ("patient_id", "site_id"), [(plan.patient_id, site_id)])


def name_sites(
    session: Session, named: Sequence[tuple[UUID, str]], unnamed: Collection[UUID], *, now: datetime
) -> None:
    """The same for the locked files of many patients, in this order; `unnamed` are those without a named site yet."""
    first = {patient: site for patient, site in reversed(named) if patient in unnamed}
    at: dict[str, list[UUID]] = {}
    for patient, site in first.items():
        at.setdefault(site, []).append(patient)
    for site, patients in at.items():
        session.execute(
            update(_plan).where(among(session, _plan.c.patient_id, patients)).values(named=True, site_id=site)
        )
    for patient in sorted(_with_filed(session, first)):
        _move_filed(session, patient, first[patient], now)
    each_once: list[tuple[UUID, str]] = sorted(set(named), key=_in_order)
    add_missing(session, _plan_site, ("patient_id", "site_id"), each_once)


def take_orders(session: Session, facts: Mapping[UUID, int], *, now: datetime) -> None:
    """So many more places in each patient's order of facts. The locked file's version grows with each."""
    alike: dict[int, list[UUID]] = {}
    for patient, count in facts.items():
        alike.setdefault(count, []).append(patient)
    for count, patients in alike.items():
        grown = {"facts": _plan.c.facts + count, "version": _plan.c.version + count, "updated_at": now}
        session.execute(update(_plan).where(among(session, _plan.c.patient_id, patients)).values(grown))


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


def _in_order(filed: tuple[UUID, str]) -> tuple[int, str]:
    """As PostgreSQL orders UUIDs, and as they order themselves, which takes four times as long."""
    patient, site = filed
    return patient.int, site


def _lock(session: Session, patients: Collection[UUID]) -> dict[UUID, bool]:
    """Patient → whether an event has named a site; in one order for all, or two who lock deadlock."""
    rows = session.execute(
        select(_plan.c.patient_id, _plan.c.named)
        .where(among(session, _plan.c.patient_id, patients))
        .order_by(_plan.c.patient_id)
        .with_for_update()
    )
    return {row.patient_id: row.named for row in rows}


def _with_filed(session: Session, patients: Collection[UUID]) -> set[UUID]:
    """Those for whom something hangs on the site: an assessment, or an escalation with its pages."""
    if not patients:
        return set()
    found: set[UUID] = set()
    for kind in (AssessmentRow, EscalationRow):
        found.update(session.scalars(select(kind.patient_id).where(among(session, kind.patient_id, patients))))
    return found


def _move_filed(session: Session, patient_id: UUID, site_id: str, now: datetime) -> None:
    escalations = select(EscalationRow.escalation_id).where(EscalationRow.patient_id == patient_id)
    session.execute(update(PageRow).where(PageRow.escalation_id.in_(escalations)).values(site_id=site_id))
    moved = {"site_id": site_id, "updated_at": now}
    session.execute(update(AssessmentRow).where(AssessmentRow.patient_id == patient_id).values(moved))
    # an update in bulk passes by the ORM, which counts versions else
    moved |= {"version": EscalationRow.version + 1}
    session.execute(update(EscalationRow).where(EscalationRow.patient_id == patient_id).values(moved))
