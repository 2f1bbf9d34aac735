"""Open, correct or close a recovery as its session says: the highest revision is the truth."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.discharge.domain.policies.release import decide_release
from services.discharge.domain.recovery import Administration, Baseline
from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import Product, RecoveryState, SessionKind, TaskKind, TransportKind
from services.discharge.store.recoveries import chart_of
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.announce_leaving import announce_leaving
from services.discharge.use_cases.chart_changes import keep_change
from services.discharge.use_cases.raise_task import page_clinician
from services.discharge.use_cases.upkeep import (
    arm_reminders,
    calculated_end,
    disarm_reminders,
    end_watch,
    keep_restriction,
    keep_watch,
)
from shared.kernel.errors import Conflict
from shared.kernel.sites import Sites, is_zone
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A revision of a completed session, in discharge's words."""

    session_id: UUID
    patient_id: UUID
    site_id: str
    course_id: UUID
    entered_in_error: bool
    kind: SessionKind
    product: Product
    administration: Administration
    baseline: Baseline
    transport_kind: TransportKind
    chair_name: str
    overnight_time_zone: str
    revision: int


def apply_session(uow: UnitOfWork, session: Session, *, book: RuleBook, sites: Sites, now: datetime) -> None:
    """Take one revision. One that isn't newer than what is known changes nothing, so it may come twice or late.

    Raises Conflict for a revision that names another patient.
    """
    row = uow.session.get(RecoveryRow, session.session_id, with_for_update=True)
    if row is None:
        row = _open(uow, session, book, sites, now)
        action = "recovery-opened"
    elif session.patient_id != row.patient_id:
        # parks: somebody must look, and nobody's chart changes hands meanwhile
        raise Conflict("A revision names another patient than the session had.")
    elif session.revision > row.session_revision:
        _correct(uow, row, session, book, sites, now)
        action = "recovery-corrected"
    else:
        return
    audit.wrote(uow, action, at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id)


def _open(uow: UnitOfWork, session: Session, book: RuleBook, sites: Sites, now: datetime) -> RecoveryRow:
    row = RecoveryRow(
        session_id=session.session_id,
        transport_kind=session.transport_kind,
        transport_present=False,
        patient_acknowledged=False,
        escort_acknowledged=False,
        observation_count=0,
        open_emergencies=0,
        cleared_revision=0,
        opened_at=now,
        # a restriction has an earliest end from the first moment; it is provisional until the patient leaves
        restriction_rule_version=book.driving(session.site_id).version,
    )
    _take_facts(row, session, sites, now)
    row.restriction_earliest_end_at = calculated_end(row, book)
    _take_state(row, session, book)
    uow.session.add(row)
    uow.session.flush()
    return row


def _correct(uow: UnitOfWork, row: RecoveryRow, session: Session, book: RuleBook, sites: Sites, now: datetime) -> None:
    before = _told(row)
    was_closed = row.state is RecoveryState.ENTERED_IN_ERROR
    _take_facts(row, session, sites, now)
    keep_restriction(row, book)
    if was_closed and row.left_at is not None and row.restriction_ended_at is None:
        arm_reminders(row, book.driving(row.site_id), after=row.restriction_earliest_end_at)
    _take_state(row, session, book)
    keep_change(uow, row, "session", before, _told(row), now=now)
    uow.session.flush()
    if row.left_at is None:
        return
    _question_release(uow, row, book, now)
    announce_leaving(uow, row, book, now=now)


def _question_release(uow: UnitOfWork, row: RecoveryRow, book: RuleBook, now: datetime) -> None:
    """Nobody can be called back into the chair, but a clinician must know that the times no longer hold."""
    if row.state is not RecoveryState.RELEASED or row.left_at is None:
        return
    rules = book.release(row.site_id, row.product)
    again = decide_release(chart_of(uow.session, row).as_of(row.left_at), rules, now=row.left_at)
    if not again.met:
        page_clinician(uow, row, TaskKind.RELEASE_IN_QUESTION, reference=f"revision-{row.session_revision}", now=now)


def _take_facts(row: RecoveryRow, session: Session, sites: Sites, now: datetime) -> None:
    """All but transport: once the session is completed, discharge's own counts."""
    row.patient_id = session.patient_id
    row.site_id = session.site_id
    row.course_id = session.course_id
    row.kind = session.kind
    row.product = session.product
    row.chair_name = session.chair_name
    row.administration_started_at = session.administration.started_at
    row.administration_ended_at = session.administration.ended_at
    row.baseline_systolic_mmhg = session.baseline.pressure.systolic_mmhg
    row.baseline_diastolic_mmhg = session.baseline.pressure.diastolic_mmhg
    row.baseline_heart_rate_bpm = session.baseline.heart_rate_bpm
    row.baseline_spo2_percent = session.baseline.spo2_percent
    zone = session.overnight_time_zone
    row.time_zone = zone if is_zone(zone) else sites[session.site_id].time_zone
    row.session_revision = session.revision
    touch(row, now=now)


def _take_state(row: RecoveryRow, session: Session, book: RuleBook) -> None:
    if session.entered_in_error:
        row.state = RecoveryState.ENTERED_IN_ERROR
        end_watch(row)
        disarm_reminders(row)
    elif row.left_as is not None:
        row.state = row.left_as
    else:
        keep_watch(row, book)
        rules = book.release(row.site_id, row.product)
        row.lasting_symptoms_due_at = row.administration_ended_at + rules.lasting_symptoms_after


def _told(row: RecoveryRow) -> dict[str, Any]:
    return {
        "revision": row.session_revision,
        "state": row.state.value,
        "product": row.product.value,
        "administration_started_at": row.administration_started_at.isoformat(),
        "administration_ended_at": row.administration_ended_at.isoformat(),
        "time_zone": row.time_zone,
        "restriction_earliest_end_at": row.restriction_earliest_end_at.isoformat(),
    }
