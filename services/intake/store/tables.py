"""Intake's tables. `version` is a record's ETag: it grows with every change of the row."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.intake.domain.boosters import PlanWord
from services.intake.domain.calls import CallOutcome, CallReason, SnoozeReason, TaskAnswer, TaskKind
from services.intake.domain.products import Product
from services.intake.domain.sessions import ChartStatus, SessionKind, SessionState
from services.intake.domain.transport import Grown, TransportKind
from shared.store.base import COLUMN_TYPES, coded, new_metadata


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


class PatientRow(Base):
    """`search_name` and `phone_key` are the folded forms that searches and duplicates compare."""

    __tablename__ = "patient"

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_number: Mapped[str] = mapped_column(String(32), unique=True)
    family_name: Mapped[str] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100))
    birth_date: Mapped[date] = mapped_column(index=True)
    phone: Mapped[str] = mapped_column(String(40))
    phone_digits: Mapped[str] = mapped_column(String(40))
    phone_key: Mapped[str] = mapped_column(String(10), index=True)
    search_name: Mapped[str] = mapped_column(Text)
    home_site_id: Mapped[str] = mapped_column(String(64), index=True)
    registered_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling
    __table_args__ = (Index(None, "updated_at", "patient_id"),)


class RecordCountRow(Base):
    """How many record numbers of a prefix have been given; changed under its row lock."""

    __tablename__ = "record_count"

    prefix: Mapped[str] = mapped_column(String(8), primary_key=True)
    given: Mapped[int]


class CourseRow(Base):
    __tablename__ = "course"

    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.patient_id"), index=True)
    site_id: Mapped[str] = mapped_column(String(64), index=True)
    indication: Mapped[str | None] = mapped_column(String(100))
    product: Mapped[Product] = mapped_column(coded(Product))
    planned_sessions: Mapped[int]
    closed_reason: Mapped[str | None] = mapped_column(String(200))
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ChairRow(Base):
    """Stands only to be locked: two bookings of one chair queue here. Chairs themselves are in the sites file."""

    __tablename__ = "chair"

    site_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    chair_id: Mapped[str] = mapped_column(String(64), primary_key=True)


class SessionRow(Base):
    """A session from booking to leaving. Transport, baseline and administration are null until charted."""

    __tablename__ = "session"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.course_id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.patient_id"))
    site_id: Mapped[str] = mapped_column(String(64))
    chair_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[SessionKind] = mapped_column(coded(SessionKind))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[SessionState] = mapped_column(coded(SessionState))
    status: Mapped[ChartStatus | None] = mapped_column(coded(ChartStatus))
    number: Mapped[int | None]
    revision: Mapped[int]
    booster_cycle: Mapped[int | None]

    transport_kind: Mapped[TransportKind | None] = mapped_column(coded(TransportKind))
    transport_name: Mapped[str | None] = mapped_column(String(200))
    transport_phone: Mapped[str | None] = mapped_column(String(40))
    transport_relationship: Mapped[str | None] = mapped_column(String(100))
    transport_grown: Mapped[Grown | None] = mapped_column(coded(Grown))
    transport_confirmed_at: Mapped[datetime | None]
    transport_arrives_at: Mapped[datetime | None]

    baseline_systolic_mmhg: Mapped[int | None]
    baseline_diastolic_mmhg: Mapped[int | None]
    baseline_heart_rate_bpm: Mapped[int | None]
    baseline_spo2_percent: Mapped[int | None]
    baseline_measured_at: Mapped[datetime | None]

    dose_mg: Mapped[float | None]
    lot: Mapped[str | None] = mapped_column(String(64))
    administration_started_at: Mapped[datetime | None]
    administration_ended_at: Mapped[datetime | None]
    overnight_time_zone: Mapped[str | None] = mapped_column(String(64))

    arrived_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    disposition: Mapped[str | None] = mapped_column(String(32))
    ended_reason: Mapped[str | None] = mapped_column(String(200))
    booked_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index(None, "site_id", "chair_id", "starts_at"),
        Index(None, "patient_id", "starts_at"),
        Index(None, "site_id", "starts_at"),
        Index(None, "site_id", "state"),
    )


class ChartChangeRow(Base):
    """Something charted that was changed later: old and new, side by side, never overwritten. Append-only."""

    __tablename__ = "chart_change"

    change_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    record_id: Mapped[UUID] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)
    old: Mapped[dict[str, Any]]
    new: Mapped[dict[str, Any]]


class LeavingRow(Base):
    """The highest revision of a discharge-cleared, filed by session id whether or not the session is ready for it."""

    __tablename__ = "leaving"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int]
    left_at: Mapped[datetime]
    disposition: Mapped[str] = mapped_column(String(32))
    status: Mapped[ChartStatus] = mapped_column(coded(ChartStatus))


class BoosterRow(Base):
    """The highest revision of a plan's cycle, and the session that is booked for it, if any. `held_at`: since when
    maintenance holds it, as intake heard."""

    __tablename__ = "booster"

    booster_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    cycle: Mapped[int]
    patient_id: Mapped[UUID] = mapped_column(index=True)
    site_id: Mapped[str] = mapped_column(String(64), index=True)
    course_id: Mapped[UUID]
    due_on: Mapped[date]
    lead_days: Mapped[int]
    interval_days: Mapped[int]
    reason: Mapped[str] = mapped_column(String(32))
    word: Mapped[PlanWord] = mapped_column(coded(PlanWord))
    revision: Mapped[int]
    session_id: Mapped[UUID | None] = mapped_column(index=True)
    held_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("plan_id", "cycle"), Index(None, "updated_at", "booster_id"))


class BoosterCallRow(Base):
    """A call for a cycle and what came of it. Never changed but by being taken back; `number` counts all of them."""

    __tablename__ = "booster_call"

    call_id: Mapped[UUID] = mapped_column(primary_key=True)
    booster_id: Mapped[UUID] = mapped_column(ForeignKey("booster.booster_id"))
    number: Mapped[int]
    outcome: Mapped[CallOutcome] = mapped_column(coded(CallOutcome))
    reason: Mapped[CallReason | None] = mapped_column(coded(CallReason))
    call_from: Mapped[datetime | None]
    phone_before: Mapped[str | None] = mapped_column(String(40))
    phone_after: Mapped[str | None] = mapped_column(String(40))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(200))
    made_by_name: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("booster_id", "number"),)


class BoosterSnoozeRow(Base):
    """Not to be called before a day. Ends on it, or when somebody brings the patient back."""

    __tablename__ = "booster_snooze"

    snooze_id: Mapped[UUID] = mapped_column(primary_key=True)
    booster_id: Mapped[UUID] = mapped_column(ForeignKey("booster.booster_id"), index=True)
    until: Mapped[date]
    reason: Mapped[SnoozeReason] = mapped_column(coded(SnoozeReason))
    snoozed_at: Mapped[datetime]
    snoozed_by: Mapped[str] = mapped_column(String(200))
    snoozed_by_name: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(200))


class BoosterTaskRow(Base):
    """What a colleague must do before the desk goes on with a cycle: one a call that asks for it.

    `settled_due_on` is the due day for which the cycle was taken off the list; a new due day brings it back.
    """

    __tablename__ = "booster_task"

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("booster_call.call_id"), unique=True)
    booster_id: Mapped[UUID] = mapped_column(ForeignKey("booster.booster_id"), index=True)
    patient_id: Mapped[UUID]
    site_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[TaskKind] = mapped_column(coded(TaskKind))
    raised_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(200))
    done_by_name: Mapped[str | None] = mapped_column(String(200))
    answer: Mapped[TaskAnswer | None] = mapped_column(coded(TaskAnswer))
    settled_due_on: Mapped[date | None]


class BoosterCallerRow(Base):
    """Who opened a cycle to call, last: so that two callers don't call the same patient."""

    __tablename__ = "booster_caller"

    booster_id: Mapped[UUID] = mapped_column(ForeignKey("booster.booster_id"), primary_key=True)
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(200))
    opened_by_name: Mapped[str] = mapped_column(String(200))
