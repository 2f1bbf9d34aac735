"""Integration's tables. Words of patients stand here only sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.integration.domain.journal import Practice, Sharing
from services.integration.domain.kap import KapPhase, KapState, Modality
from services.integration.domain.prompts import PromptKind, PromptState
from services.integration.domain.step import StepState
from services.integration.domain.task import TaskKind, TaskOutcome, TaskState
from services.integration.domain.window import WindowPosition
from shared.store.base import COLUMN_TYPES, coded, new_metadata


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


class WindowRow(Base):
    """One session's window, as of the highest revision of its discharge-cleared."""

    __tablename__ = "integration_window"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(index=True)
    site_id: Mapped[str] = mapped_column(String(64))
    course_id: Mapped[UUID]
    revision: Mapped[int]
    administration_ended_at: Mapped[datetime]
    left_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(String(64))
    restriction_earliest_end_at: Mapped[datetime]
    # when its session was heard to be entered in error; None while it stands
    withdrawn_at: Mapped[datetime | None]
    # when to look whether a KAP slot lies in the window; None once looked
    kap_check_due_at: Mapped[datetime | None] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index("ix_integration_window_updated_at_session_id", "updated_at", "session_id"),
        Index("ix_integration_window_site_id_closes_at", "site_id", "closes_at"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling


class PromptRow(Base):
    """One of a window's four questions. `due_at` is the plan; `send_at` the next try, None unless planned."""

    __tablename__ = "prompt"

    prompt_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("integration_window.session_id"))
    kind: Mapped[PromptKind] = mapped_column(coded(PromptKind))
    state: Mapped[PromptState] = mapped_column(coded(PromptState))
    due_at: Mapped[datetime]
    send_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("session_id", "kind"),)


class NotificationRow(Base):
    """An effect outside, waiting for its delivery: at most one a prompt, for good. `notification_id` is its
    idempotency key; `deliver_at` is None once delivered."""

    __tablename__ = "notification"

    notification_id: Mapped[UUID] = mapped_column(primary_key=True)
    prompt_id: Mapped[UUID] = mapped_column(ForeignKey("prompt.prompt_id"), unique=True)
    session_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    site_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[PromptKind] = mapped_column(coded(PromptKind))
    created_at: Mapped[datetime]
    deliver_at: Mapped[datetime | None] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]


class JournalRow(Base):
    """A journal without its words. `window_position` follows corrections; `position_when_submitted` was published."""

    __tablename__ = "journal"

    journal_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("integration_window.session_id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(index=True)
    site_id: Mapped[str] = mapped_column(String(64))
    practice: Mapped[Practice] = mapped_column(coded(Practice))
    sharing: Mapped[Sharing] = mapped_column(coded(Sharing))
    written_at: Mapped[datetime]
    submitted_at: Mapped[datetime]
    window_position: Mapped[WindowPosition] = mapped_column(coded(WindowPosition))
    position_when_submitted: Mapped[WindowPosition] = mapped_column(coded(WindowPosition))
    contact_requested: Mapped[bool]
    edition: Mapped[int]
    amended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (Index("ix_journal_updated_at_journal_id", "updated_at", "journal_id"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class JournalEditionRow(Base):
    """One edition of a journal's words, sealed; never changed and never deleted."""

    __tablename__ = "journal_edition"

    journal_id: Mapped[UUID] = mapped_column(ForeignKey("journal.journal_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed_words: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]


class KapAppointmentRow(Base):
    """An appointment of ketamine-assisted psychotherapy: when, how, whether. No `session_id` before dosing."""

    __tablename__ = "kap_appointment"

    appointment_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(index=True)
    site_id: Mapped[str] = mapped_column(String(64))
    session_id: Mapped[UUID | None]
    phase: Mapped[KapPhase] = mapped_column(coded(KapPhase))
    modality: Mapped[Modality] = mapped_column(coded(Modality))
    therapist: Mapped[str] = mapped_column(String(200))
    therapist_name: Mapped[str | None] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    duration_minutes: Mapped[int]
    state: Mapped[KapState] = mapped_column(coded(KapState))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index("ix_kap_appointment_session_id_starts_at", "session_id", "starts_at"),
        Index("ix_kap_appointment_updated_at_appointment_id", "updated_at", "appointment_id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PsychotherapyNoteRow(Base):
    """The vault's note on one appointment, without its words. `author` alone reads them, whatever role asks."""

    __tablename__ = "psychotherapy_note"

    note_id: Mapped[UUID] = mapped_column(primary_key=True)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("kap_appointment.appointment_id"), unique=True)
    patient_id: Mapped[UUID]
    site_id: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(200))
    edition: Mapped[int]
    written_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PsychotherapyNoteEditionRow(Base):
    """One edition of a note's words, sealed; never changed and never deleted."""

    __tablename__ = "psychotherapy_note_edition"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("psychotherapy_note.note_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]


class ActionStepRow(Base):
    """A small step that follows from a session; its words sealed like a journal's."""

    __tablename__ = "action_step"

    action_step_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("integration_window.session_id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(index=True)
    site_id: Mapped[str] = mapped_column(String(64))
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    minutes: Mapped[int]
    sharing: Mapped[Sharing] = mapped_column(coded(Sharing))
    state: Mapped[StepState] = mapped_column(coded(StepState))
    added_at: Mapped[datetime]
    happened_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (Index("ix_action_step_updated_at_action_step_id", "updated_at", "action_step_id"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class TaskRow(Base):
    """Something for a person at the site to do. `about` names its cause, so that a cause raises one task for good."""

    __tablename__ = "task"

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(coded(TaskKind))
    about: Mapped[str] = mapped_column(String(100), unique=True)
    patient_id: Mapped[UUID]
    site_id: Mapped[str] = mapped_column(String(64))
    session_id: Mapped[UUID]
    state: Mapped[TaskState] = mapped_column(coded(TaskState))
    raised_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(200))
    done_by_name: Mapped[str | None] = mapped_column(String(200))
    outcome: Mapped[TaskOutcome | None] = mapped_column(coded(TaskOutcome))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __table_args__ = (Index("ix_task_updated_at_task_id", "updated_at", "task_id"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
