"""booster-due: whom to call for a booster, and by when. From maintenance to intake; never the rule or a score."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from shared.contracts.fields import EventSchema, coded


class BoosterReason(StrEnum):
    """Operational only: what the front desk may know."""

    INTERVAL_SET = "interval-set"
    INTERVAL_KEPT = "interval-kept"
    INTERVAL_CHANGED = "interval-changed"
    OVERRIDDEN = "overridden"
    ON_HOLD = "on-hold"


class BoosterState(StrEnum):
    DUE = "due"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"


@dataclass(frozen=True, slots=True)
class BoosterDue:
    """One revision of a plan's booster cycle; the highest revision of (plan, cycle) is the truth.

    `due_on` is a calendar day at the site. `lead_days` is how many days ahead of it the desk is told.
    """

    plan_id: UUID
    patient_id: UUID
    site_id: str
    course_id: UUID
    cycle: int
    due_on: date
    lead_days: int
    interval_days: int
    reason: BoosterReason
    state: BoosterState
    revision: int


class BoosterDueSchema(EventSchema):
    plan_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    site_id = fields.String(required=True)
    course_id = fields.UUID(required=True)
    cycle = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    due_on = fields.Date(required=True)
    lead_days = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    interval_days = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    reason = coded(BoosterReason, required=True)
    state = coded(BoosterState, required=True)
    revision = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))

    @post_load
    def to_event(self, data: dict[str, Any], **_: Any) -> BoosterDue:
        return BoosterDue(**data)
