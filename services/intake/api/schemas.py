"""Shapes of bodies: what may be sent. Limits that are rules live in domain/policies."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.intake.domain.boosters import BoosterState
from services.intake.domain.calls import CallOutcome, CallReason, SnoozeReason, TaskAnswer
from services.intake.domain.products import Product
from services.intake.domain.sessions import SessionKind
from services.intake.domain.transport import TransportKind
from shared.web.fields import Body, Choice, Day, Flag, Instant, Text, Whole
from shared.web.paging import Asked

_MOST_LABELS = 500


class Number(fields.Float):
    """A JSON number; text is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, (bool, str)):
            raise ValidationError("Not a number.")
        found = super()._deserialize(value, attr, data, **kwargs)
        if found is None:
            raise ValidationError("Not a number.")
        return found


def _whole(**kwargs: Any) -> Whole:
    """A whole number that both stores can hold; its real limits are a rule's."""
    return Whole(-(2**31), 2**31 - 1, **kwargs)


class PatientRegistration(Body):
    family_name = Text(100, required=True)
    given_name = Text(100, required=True)
    birth_date = fields.Date(required=True)
    phone = Text(40, required=True)
    home_site_id = Text(64, required=True)


class PatientQuery(Asked):
    query = Text(100, load_default=None)


class LabelQuery(Asked):
    patient_id = fields.List(fields.UUID(), required=True, validate=validate.Length(1, _MOST_LABELS))


class EscortLabelQuery(Asked):
    session_id = fields.List(fields.UUID(), required=True, validate=validate.Length(1, _MOST_LABELS))


class CourseOpening(Body):
    patient_id = fields.UUID(required=True)
    site_id = Text(64, required=True)
    indication = Text(100, load_default=None, allow_none=True)
    product = Choice(Product, required=True)
    planned_sessions = _whole(required=True)


class CoursePlanning(Body):
    planned_sessions = _whole(required=True)
    closed_reason = Text(200, load_default=None, allow_none=True)


class SessionBooking(Body):
    course_id = fields.UUID(required=True)
    site_id = Text(64, required=True)
    chair_id = Text(64, required=True)
    starts_at = Instant(required=True)
    duration_minutes = _whole(load_default=None, allow_none=True)
    kind = Choice(SessionKind, required=True)


class TransportNaming(Body):
    """Left out, `adult` is true and `confirmed_at` now, as portals rely on; null says that nobody has asked yet."""

    kind = Choice(TransportKind, required=True)
    name = Text(200, required=True)
    phone = Text(40, load_default=None, allow_none=True)
    relationship = Text(100, load_default=None, allow_none=True)
    adult = Flag(load_default=True, allow_none=True)
    confirmed_at = Instant(allow_none=True)
    arrives_at = Instant(load_default=None, allow_none=True)


class Ending(Body):
    """Of a cancelled or missed session."""

    reason = Text(200, load_default=None, allow_none=True)


class Nothing(Body):
    """An act that needs no words."""


class BaselineReading(Body):
    systolic_mmhg = _whole(required=True)
    diastolic_mmhg = _whole(required=True)
    heart_rate_bpm = _whole(required=True)
    spo2_percent = _whole(required=True)
    measured_at = Instant(load_default=None, allow_none=True)


class SessionStart(Body):
    """The use case asks for the baseline, after what must be settled first."""

    baseline = fields.Nested(BaselineReading, load_default=None, allow_none=True)


class DoseCharting(Body):
    """The use case asks for dose and lot, after the session's turn."""

    dose_mg = Number(load_default=None, allow_none=True)
    lot = Text(64, load_default=None, allow_none=True)
    administration_started_at = Instant(load_default=None, allow_none=True)
    administration_ended_at = Instant(load_default=None, allow_none=True)
    overnight_time_zone = Text(64, load_default=None, allow_none=True)


class DoseCorrection(DoseCharting):
    entered_in_error = Flag(load_default=False)
    reason = Text(1000, required=True)


class BoosterQuery(Asked):
    state = fields.List(Choice(BoosterState), load_default=())


class OutcomeRecording(Body):
    """`reason` goes with call-back-later, not-now and no-longer-patient, `call_back_at` with the first, `phone` (the
    new number) with wrong-number. The note is for the desk: nothing clinical."""

    outcome = Choice(CallOutcome, required=True)
    reason = Choice(CallReason, load_default=None, allow_none=True)
    call_back_at = Instant(load_default=None, allow_none=True)
    phone = Text(40, load_default=None, allow_none=True)
    note = Text(500, load_default=None, allow_none=True)


class Snoozing(Body):
    until = Day(required=True)
    reason = Choice(SnoozeReason, required=True)


class TaskAnswering(Body):
    answer = Choice(TaskAnswer, required=True)
