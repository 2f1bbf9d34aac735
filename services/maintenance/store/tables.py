"""Maintenance's tables. Free text (reasons, messages, notes) lies sealed; scores and codes lie open.

`order` columns count a patient's facts as they were learned; `plan.facts` is that counter.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.maintenance.domain.escalations import EscalationKind, EscalationState
from services.maintenance.domain.facts import Indication, Schedule, SessionKind
from services.maintenance.domain.instruments import Instrument
from services.maintenance.domain.journals import Position
from services.maintenance.domain.plan import PlanState
from services.maintenance.domain.policies.calling import CallReason, CallState
from shared.store.base import COLUMN_TYPES, coded, new_metadata


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


class PlanRow(Base):
    """A patient's file. State, interval and explanation are what following the facts last gave.

    `site_id` is where the patient was last treated, or who filed them before any event did (`named` False).
    `wake_at` is the next instant at which time alone changes something.
    """

    __tablename__ = "plan"
    __table_args__ = (Index("ix_plan_wake_at", "wake_at"),)

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[str] = mapped_column(String(64))
    named: Mapped[bool] = mapped_column(default=False)
    course_id: Mapped[UUID | None]
    facts: Mapped[int] = mapped_column(default=0)
    state: Mapped[PlanState] = mapped_column(coded(PlanState), default=PlanState.INDUCTION)
    cycle: Mapped[int] = mapped_column(default=0)
    sessions_done: Mapped[int] = mapped_column(default=0)
    interval_days: Mapped[int | None]
    due_on: Mapped[date | None]
    rule: Mapped[int | None]
    explanation: Mapped[str] = mapped_column(String(400), default="")
    policy_version: Mapped[str] = mapped_column(String(64), default="")
    wake_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PlanSiteRow(Base):
    """A site that an event named for the patient: its staff see the file."""

    __tablename__ = "plan_site"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(64), primary_key=True)


class PlanChangeRow(Base):
    """One line of a plan's history: what it became, and when. Never changed."""

    __tablename__ = "plan_change"
    __table_args__ = (Index("ix_plan_change_patient_id_change_id", "patient_id", "change_id"),)

    change_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"))
    at: Mapped[datetime]
    state: Mapped[PlanState] = mapped_column(coded(PlanState))
    cycle: Mapped[int]
    interval_days: Mapped[int | None]
    due_on: Mapped[date | None]
    rule: Mapped[int | None]
    explanation: Mapped[str] = mapped_column(String(400))
    policy_version: Mapped[str] = mapped_column(String(64))


class CourseRow(Base):
    """A course as its sessions' events last told it; `plan_id` is what booster-due calls the plan of this course."""

    __tablename__ = "course"
    __table_args__ = (Index("ix_course_patient_id", "patient_id"),)

    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"))
    plan_id: Mapped[UUID] = mapped_column(unique=True)
    schedule: Mapped[Schedule] = mapped_column(coded(Schedule))
    indication: Mapped[Indication] = mapped_column(coded(Indication))
    planned_sessions: Mapped[int]


class SessionRow(Base):
    """A session's highest revision. `day` is the local date of administration's end at its site."""

    __tablename__ = "course_session"
    __table_args__ = (Index("ix_course_session_patient_id", "patient_id"),)

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.course_id"))
    site_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[SessionKind] = mapped_column(coded(SessionKind))
    number: Mapped[int]
    stands: Mapped[bool]
    booster_cycle: Mapped[int | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    day: Mapped[date]
    revision: Mapped[int]
    order: Mapped[int]


class JournalRow(Base):
    """That a journal was kept for a session, and where in its window; nothing of what it says.

    The patient stands first in the key: what a patient adds then lies beside what they added before, whoever else has
    ever written one.
    """

    __tablename__ = "journal"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"), primary_key=True)
    journal_id: Mapped[UUID] = mapped_column(primary_key=True)
    # no foreign key: a journal may be known before its session is
    session_id: Mapped[UUID]
    position: Mapped[Position] = mapped_column(coded(Position))
    written_at: Mapped[datetime]


class AssessmentRow(Base):
    """A completed questionnaire, item by item. Never changed; `site_id` follows the first event of a new patient."""

    __tablename__ = "assessment"
    __table_args__ = (
        Index("ix_assessment_patient_id_instrument", "patient_id", "instrument"),
        Index("ix_assessment_updated_at_assessment_id", "updated_at", "assessment_id"),
    )

    assessment_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"))
    site_id: Mapped[str] = mapped_column(String(64))
    instrument: Mapped[Instrument] = mapped_column(coded(Instrument))
    form_version: Mapped[str] = mapped_column(String(64))
    answers: Mapped[list[Any]]
    score: Mapped[int]
    suicide_answer: Mapped[int | None]
    taken_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(200))
    updated_at: Mapped[datetime]
    order: Mapped[int]


class EscalationRow(Base):
    """Something a person must look at. `cause` is the assessment, session or journal behind it: one of a kind each.

    `call_place` counts who on call has been called, from 0; None when nobody is called.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        UniqueConstraint("kind", "cause"),
        Index("ix_escalation_patient_id", "patient_id"),
        Index("ix_escalation_next_call_at", "next_call_at"),
        Index("ix_escalation_updated_at_escalation_id", "updated_at", "escalation_id"),
    )

    escalation_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"))
    site_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[EscalationKind] = mapped_column(coded(EscalationKind))
    cause: Mapped[UUID]
    state: Mapped[EscalationState] = mapped_column(coded(EscalationState))
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    holds: Mapped[bool]
    call_place: Mapped[int | None]
    next_call_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(200))
    acknowledged_by_name: Mapped[str | None] = mapped_column(String(200))
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(200))
    resolved_by_name: Mapped[str | None] = mapped_column(String(200))
    resolved_order: Mapped[int | None]
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PageRow(Base):
    """That somebody on call is to be called: what a pager will be fed from. No sender reads it yet. Never changed."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("escalation_id", "place"),)

    page_id: Mapped[UUID] = mapped_column(primary_key=True)
    escalation_id: Mapped[UUID] = mapped_column(ForeignKey("escalation.escalation_id"))
    site_id: Mapped[str] = mapped_column(String(64))
    place: Mapped[int]
    on_call: Mapped[str] = mapped_column(String(64))
    called_at: Mapped[datetime]


class OverrideRow(Base):
    """A prescriber's interval. `order` None: it waits for its confirmation and changes nothing."""

    __tablename__ = "override"
    __table_args__ = (Index("ix_override_patient_id", "patient_id"),)

    override_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.course_id"))
    interval_days: Mapped[int]
    expires_on: Mapped[date]
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ordered_by: Mapped[str] = mapped_column(String(200))
    ordered_by_name: Mapped[str | None] = mapped_column(String(200))
    ordered_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(String(200))
    confirmed_by_name: Mapped[str | None] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None]
    order: Mapped[int | None]


class BoosterCallRow(Base):
    """What the desk was told last about a cycle."""

    __tablename__ = "booster_call"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("course.plan_id"), primary_key=True)
    cycle: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_on: Mapped[date]
    interval_days: Mapped[int]
    reason: Mapped[CallReason] = mapped_column(coded(CallReason))
    state: Mapped[CallState] = mapped_column(coded(CallState))
    revision: Mapped[int]
    said_at: Mapped[datetime]


class CheckInRow(Base):
    """One week's lifestyle, in the patient's words of number. Informs people; no rule reads it."""

    __tablename__ = "lifestyle_check_in"
    __table_args__ = (UniqueConstraint("patient_id", "week_starts_on"),)

    check_in_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"))
    site_id: Mapped[str] = mapped_column(String(64))
    week_starts_on: Mapped[date]
    active_days: Mapped[int | None]
    restful_nights: Mapped[int | None]
    balanced_days: Mapped[int | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(200))


class ThreadRow(Base):
    """A patient's line to the prescriber: one a patient."""

    __tablename__ = "thread"
    __table_args__ = (Index("ix_thread_updated_at_thread_id", "updated_at", "thread_id"),)

    thread_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("plan.patient_id"), unique=True)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MessageRow(Base):
    """One message of a thread, sealed. Never changed."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("thread_id", "number"),)

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.thread_id"))
    number: Mapped[int]
    author: Mapped[str] = mapped_column(String(200))
    from_patient: Mapped[bool]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime]
