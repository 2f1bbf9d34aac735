"""Raise a task for a person of the site, and page a clinician where the matter can't wait."""

from datetime import datetime

from sqlalchemy import exists, select

from services.discharge.domain.states import NoticeKind, TaskKind
from services.discharge.store.tables import NoticeRow, TaskRow
from services.discharge.store.watched import AnyRecovery
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork


def raise_task(uow: UnitOfWork, row: AnyRecovery, kind: TaskKind, *, reference: str, now: datetime) -> None:
    """Raise `kind` once for its `reference` (what caused it): a repeat of the cause adds nothing."""
    known = select(
        exists().where(TaskRow.session_id == row.session_id, TaskRow.kind == kind, TaskRow.reference == reference)
    )
    if uow.session.scalar(known):
        return
    task = TaskRow(
        task_id=new_id(),
        session_id=row.session_id,
        patient_id=row.patient_id,
        site_id=row.site_id,
        kind=kind,
        reference=reference,
        raised_at=now,
        updated_at=now,
    )
    uow.session.add(task)
    audit.wrote(uow, "task-raised", at=now, patient_id=row.patient_id, record_id=task.task_id, site_id=row.site_id)


def page_clinician(uow: UnitOfWork, row: AnyRecovery, kind: TaskKind, *, reference: str, now: datetime) -> None:
    """Raise the task and write the page that calls somebody to it."""
    raise_task(uow, row, kind, reference=reference, now=now)
    write_notice(uow, row, NoticeKind.PAGE_CLINICIAN, reference=f"{kind.value}:{reference}", now=now)


def write_notice(uow: UnitOfWork, row: AnyRecovery, kind: NoticeKind, *, reference: str, now: datetime) -> None:
    """Write a word that goes out, once for its `reference`; a job sends it after the commit."""
    known = select(
        exists().where(NoticeRow.session_id == row.session_id, NoticeRow.kind == kind, NoticeRow.reference == reference)
    )
    if uow.session.scalar(known):
        return
    uow.session.add(
        NoticeRow(
            notice_id=new_id(),
            session_id=row.session_id,
            site_id=row.site_id,
            kind=kind,
            reference=reference,
            written_at=now,
        )
    )
