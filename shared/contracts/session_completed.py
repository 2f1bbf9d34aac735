"""session-completed: a dose was given and the patient is now recovering. From intake to discharge and maintenance."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from shared.contracts.fields import EventSchema, Instant, coded


class SessionStatus(StrEnum):
    FINAL = "final"
    ENTERED_IN_ERROR = "entered-in-error"


class SessionKind(StrEnum):
    INDUCTION = "induction"
    BOOSTER = "booster"


class Product(StrEnum):
    KETAMINE_IV = "ketamine-iv"
    KETAMINE_IM = "ketamine-im"
    KETAMINE_ORAL = "ketamine-oral"
    ESKETAMINE_NASAL = "esketamine-nasal"


class Route(StrEnum):
    INTRAVENOUS = "intravenous"
    INTRAMUSCULAR = "intramuscular"
    ORAL = "oral"
    NASAL = "nasal"


class TransportKind(StrEnum):
    ESCORT = "escort"
    CONTRACTED_RIDE = "contracted-ride"


@dataclass(frozen=True, slots=True)
class SessionCompleted:
    """One revision of a completed session; the highest revision of a session is the truth.

    `number` counts the course's sessions of this kind from 1. `booster_cycle` is the maintenance cycle that a booster
    session fulfils, None for inductions and for boosters nobody called for. `indication_recorded` says whether the
    course has an indication, never which.
    """

    session_id: UUID
    patient_id: UUID
    site_id: str
    course_id: UUID
    status: SessionStatus
    kind: SessionKind
    number: int
    planned_sessions: int
    booster_cycle: int | None
    product: Product
    route: Route
    administration_started_at: datetime
    administration_ended_at: datetime
    baseline_systolic_mmhg: int
    baseline_diastolic_mmhg: int
    baseline_heart_rate_bpm: int
    baseline_spo2_percent: int
    transport_kind: TransportKind
    transport_confirmed_at: datetime
    chair_name: str
    overnight_time_zone: str
    indication_recorded: bool
    revision: int


class SessionCompletedSchema(EventSchema):
    session_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    site_id = fields.String(required=True)
    course_id = fields.UUID(required=True)
    status = coded(SessionStatus, required=True)
    kind = coded(SessionKind, required=True)
    number = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    planned_sessions = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    booster_cycle = fields.Integer(required=True, strict=True, allow_none=True, validate=validate.Range(min=1))
    product = coded(Product, required=True)
    route = coded(Route, required=True)
    administration_started_at = Instant(required=True)
    administration_ended_at = Instant(required=True)
    baseline_systolic_mmhg = fields.Integer(required=True, strict=True)
    baseline_diastolic_mmhg = fields.Integer(required=True, strict=True)
    baseline_heart_rate_bpm = fields.Integer(required=True, strict=True)
    baseline_spo2_percent = fields.Integer(required=True, strict=True)
    transport_kind = coded(TransportKind, required=True)
    transport_confirmed_at = Instant(required=True)
    chair_name = fields.String(required=True)
    overnight_time_zone = fields.String(required=True)
    indication_recorded = fields.Boolean(required=True)
    revision = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))

    @post_load
    def to_event(self, data: dict[str, Any], **_: Any) -> SessionCompleted:
        return SessionCompleted(**data)
