"""Discharge's tables. `version` is a recovery's ETag: it grows with every change of it or of what hangs on it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.discharge.domain.states import (
    NoticeKind,
    Product,
    RecoveryState,
    SessionKind,
    SuicideRiskOutcome,
    TaskKind,
    TaskOutcome,
    TransportKind,
)
from shared.store.base import COLUMN_TYPES, coded, new_metadata


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


class RecoveryRow(Base):
    """One recovery, with what its board shows: the latest vitals and due times are kept here with every write."""

    __tablename__ = "recovery"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(index=True)
    site_id: Mapped[str] = mapped_column(String(64))
    course_id: Mapped[UUID]
    kind: Mapped[SessionKind] = mapped_column(coded(SessionKind))
    product: Mapped[Product] = mapped_column(coded(Product))
    chair_name: Mapped[str] = mapped_column(String(200))
    session_revision: Mapped[int]
    state: Mapped[RecoveryState] = mapped_column(coded(RecoveryState))

    administration_started_at: Mapped[datetime]
    administration_ended_at: Mapped[datetime]
    baseline_systolic_mmhg: Mapped[int]
    baseline_diastolic_mmhg: Mapped[int]
    baseline_heart_rate_bpm: Mapped[int]
    baseline_spo2_percent: Mapped[int]

    transport_kind: Mapped[TransportKind | None] = mapped_column(coded(TransportKind))
    transport_name: Mapped[str | None] = mapped_column(String(200))
    transport_phone: Mapped[str | None] = mapped_column(String(40))
    transport_present: Mapped[bool] = mapped_column(default=False)
    transport_identified_by: Mapped[str | None] = mapped_column(String(200))
    patient_acknowledged: Mapped[bool] = mapped_column(default=False)
    escort_acknowledged: Mapped[bool] = mapped_column(default=False)
    suicide_risk_outcome: Mapped[SuicideRiskOutcome | None] = mapped_column(coded(SuicideRiskOutcome))
    suicide_risk_performed_at: Mapped[datetime | None]

    observation_count: Mapped[int] = mapped_column(default=0)
    open_emergencies: Mapped[int] = mapped_column(default=0)
    observed_at: Mapped[datetime | None]
    pressure_at: Mapped[datetime | None]
    systolic_mmhg: Mapped[int | None]
    diastolic_mmhg: Mapped[int | None]
    previous_pressure_at: Mapped[datetime | None]
    previous_systolic_mmhg: Mapped[int | None]
    previous_diastolic_mmhg: Mapped[int | None]
    heart_rate_at: Mapped[datetime | None]
    heart_rate_bpm: Mapped[int | None]
    spo2_at: Mapped[datetime | None]
    spo2_percent: Mapped[int | None]
    moaas_at: Mapped[datetime | None]
    moaas: Mapped[int | None]
    next_observation_due_at: Mapped[datetime | None]
    lasting_symptoms_due_at: Mapped[datetime | None] = mapped_column(index=True)

    left_at: Mapped[datetime | None]
    left_recorded_at: Mapped[datetime | None]
    left_by: Mapped[str | None] = mapped_column(String(200))
    left_reason: Mapped[str | None] = mapped_column(Text)
    left_as: Mapped[RecoveryState | None] = mapped_column(coded(RecoveryState))
    cleared_revision: Mapped[int] = mapped_column(default=0)

    time_zone: Mapped[str] = mapped_column(String(64))
    restriction_earliest_end_at: Mapped[datetime]
    restriction_rule_version: Mapped[str] = mapped_column(String(64))
    restriction_ended_at: Mapped[datetime | None]
    sleep_reminder_due_at: Mapped[datetime | None] = mapped_column(index=True)
    sleep_task_due_at: Mapped[datetime | None] = mapped_column(index=True)

    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling
    __table_args__ = (
        Index(None, "updated_at", "session_id"),
        Index(None, "site_id", "state", "updated_at"),
    )


class ObservationRow(Base):
    """One charting; never changed. `scales` holds the item scores of Aldrete and PADSS, `symptoms` code and grade."""

    __tablename__ = "observation"

    observation_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.session_id"))
    number: Mapped[int]
    observed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(200))
    systolic_mmhg: Mapped[int | None]
    diastolic_mmhg: Mapped[int | None]
    heart_rate_bpm: Mapped[int | None]
    spo2_percent: Mapped[int | None]
    moaas: Mapped[int | None]
    nausea_0_10: Mapped[int | None]
    vomiting: Mapped[bool | None]
    oriented: Mapped[bool | None]
    steady_gait: Mapped[bool | None]
    fluids_tolerated: Mapped[bool | None]
    dissociation_resolved: Mapped[bool | None]
    cadss: Mapped[int | None]
    cadss_6: Mapped[int | None]
    aldrete: Mapped[dict[str, Any] | None]
    padss: Mapped[dict[str, Any] | None]
    symptoms: Mapped[list[Any] | None]

    __table_args__ = (UniqueConstraint("session_id", "number"),)


class EmergencyRow(Base):
    """The signs of one observation that call a clinician, and who saw to them."""

    __tablename__ = "emergency"

    emergency_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.session_id"), index=True)
    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.observation_id"), unique=True)
    number: Mapped[int]
    observed_at: Mapped[datetime]
    signs: Mapped[list[Any]]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)


class SuicideRiskCheckRow(Base):
    """Every check that was recorded; none replaces another."""

    __tablename__ = "suicide_risk_check"

    check_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.session_id"))
    number: Mapped[int]
    performed_at: Mapped[datetime]
    outcome: Mapped[SuicideRiskOutcome] = mapped_column(coded(SuicideRiskOutcome))
    by_prescriber: Mapped[bool]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("session_id", "number"),)


class SleepAttestationRow(Base):
    """The patient's word on the night, by portal or told to a nurse on the phone; all are kept."""

    __tablename__ = "sleep_attestation"

    attestation_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.session_id"))
    number: Mapped[int]
    attested_at: Mapped[datetime]
    slept_hours: Mapped[float]
    rested: Mapped[bool]
    symptom_free: Mapped[bool]
    told_to: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("session_id", "number"),)


class ChartChangeRow(Base):
    """What stood on a recovery before it was replaced, and what stands since: corrections keep old and new."""

    __tablename__ = "chart_change"

    change_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.session_id"), index=True)
    what: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class TaskRow(Base):
    """Something a person of the site must look at. `reference` makes a repeat of its cause raise no second one."""

    __tablename__ = "task"

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.session_id"))
    patient_id: Mapped[UUID]
    site_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[TaskKind] = mapped_column(coded(TaskKind))
    reference: Mapped[str] = mapped_column(String(64))
    raised_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(200))
    done_by_name: Mapped[str | None] = mapped_column(String(200))
    outcome: Mapped[TaskOutcome | None] = mapped_column(coded(TaskOutcome))
    note: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("session_id", "kind", "reference"), Index(None, "updated_at", "task_id"))


class NoticeRow(Base):
    """A word that goes out: an outbox row of its own, sent once. A repeat of its cause writes no second one."""

    __tablename__ = "notice"

    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.session_id"))
    site_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[NoticeKind] = mapped_column(coded(NoticeKind))
    reference: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("session_id", "kind", "reference"), Index(None, "sent_at", "written_at"))
