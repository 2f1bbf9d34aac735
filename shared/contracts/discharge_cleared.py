"""discharge-cleared: the patient has left, and how. From discharge to integration and intake."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from shared.contracts.fields import EventSchema, Instant, coded
from shared.contracts.session_completed import SessionKind, SessionStatus


class Disposition(StrEnum):
    CLEARED = "cleared"
    LEFT_AGAINST_ADVICE = "left-against-advice"


@dataclass(frozen=True, slots=True)
class DischargeCleared:
    """One revision of a patient's leaving; the highest revision of a session is the truth.

    `monitored_minutes` are whole elapsed minutes from the start of monitoring to `left_at`, rounded down.
    `restriction_earliest_end_at` is the driving restriction's earliest end as known at this revision.
    `status` entered-in-error: the session never was, so nothing follows from this leaving any more; the other fields
    say what was last known. Absent in what was published before it existed, and then final.
    """

    session_id: UUID
    patient_id: UUID
    site_id: str
    course_id: UUID
    kind: SessionKind
    administration_ended_at: datetime
    chair_name: str
    left_at: datetime
    disposition: Disposition
    monitored_minutes: int
    restriction_earliest_end_at: datetime
    restriction_time_zone: str
    restriction_rule_version: str
    policy_version: str
    revision: int
    status: SessionStatus = SessionStatus.FINAL


class DischargeClearedSchema(EventSchema):
    session_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    site_id = fields.String(required=True)
    course_id = fields.UUID(required=True)
    kind = coded(SessionKind, required=True)
    administration_ended_at = Instant(required=True)
    chair_name = fields.String(required=True)
    left_at = Instant(required=True)
    disposition = coded(Disposition, required=True)
    monitored_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    restriction_earliest_end_at = Instant(required=True)
    restriction_time_zone = fields.String(required=True)
    restriction_rule_version = fields.String(required=True)
    policy_version = fields.String(required=True)
    revision = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    status = coded(SessionStatus, load_default=SessionStatus.FINAL)

    @post_load
    def to_event(self, data: dict[str, Any], **_: Any) -> DischargeCleared:
        return DischargeCleared(**data)
