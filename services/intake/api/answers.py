"""Shapes of answers: what is always there, null when unknown."""

from marshmallow import fields

from services.intake.domain.calls import Standing
from shared.web.fields import Answer, Instant


class ChairView(Answer):
    chair_id = fields.String()
    name = fields.String()


class SiteView(Answer):
    site_id = fields.String()
    name = fields.String()
    time_zone = fields.String()
    chairs = fields.List(fields.Nested(ChairView))


class SitePage(Answer):
    items = fields.List(fields.Nested(SiteView))
    next = fields.String(allow_none=True)


class CourseView(Answer):
    course_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    indication = fields.String(allow_none=True)
    product = fields.String()
    planned_sessions = fields.Integer()
    completed_sessions = fields.Integer(metadata={"description": "Induction sessions dosed that stand."})
    completed_boosters = fields.Integer()
    closed_reason = fields.String(allow_none=True)
    opened_at = Instant()
    version = fields.Integer()


class PatientView(Answer):
    patient_id = fields.UUID()
    record_number = fields.String()
    family_name = fields.String()
    given_name = fields.String()
    name = fields.String()
    birth_date = fields.Date()
    phone = fields.String()
    home_site_id = fields.String()
    registered_at = Instant()
    version = fields.Integer()


class PatientChart(PatientView):
    courses = fields.List(fields.Nested(CourseView))


class PatientPage(Answer):
    items = fields.List(fields.Nested(PatientView))
    next = fields.String(allow_none=True)


class DuplicateView(Answer):
    patient_id = fields.UUID()
    record_number = fields.String()
    name = fields.String()
    birth_date = fields.Date()
    because = fields.List(fields.String())


class RegisteredView(PatientView):
    possible_duplicates = fields.List(fields.Nested(DuplicateView))


class LabelView(Answer):
    patient_id = fields.UUID()
    name = fields.String()
    record_number = fields.String()
    birth_year = fields.Integer()


class LabelPage(Answer):
    items = fields.List(fields.Nested(LabelView))
    next = fields.String(allow_none=True)


class EscortLabelView(Answer):
    session_id = fields.UUID()
    kind = fields.String()
    name = fields.String()
    relationship = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class EscortLabelPage(Answer):
    items = fields.List(fields.Nested(EscortLabelView))
    next = fields.String(allow_none=True)


class TransportView(Answer):
    kind = fields.String()
    name = fields.String()
    phone = fields.String(allow_none=True)
    relationship = fields.String(allow_none=True)
    adult = fields.Boolean(allow_none=True)
    confirmed_at = Instant(allow_none=True)
    arrives_at = Instant(allow_none=True)


class BaselineView(Answer):
    systolic_mmhg = fields.Integer()
    diastolic_mmhg = fields.Integer()
    heart_rate_bpm = fields.Integer()
    spo2_percent = fields.Integer()
    measured_at = Instant()


class ChangeView(Answer):
    """What was changed after it was charted, with what stood before."""

    what = fields.String()
    changed_at = Instant()
    changed_by = fields.String()
    reason = fields.String(allow_none=True)
    old = fields.Dict()
    new = fields.Dict()


class SessionView(Answer):
    session_id = fields.UUID()
    course_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    chair_id = fields.String()
    chair_name = fields.String()
    kind = fields.String()
    product = fields.String()
    starts_at = Instant()
    ends_at = Instant()
    duration_minutes = fields.Integer()
    state = fields.String()
    status = fields.String(allow_none=True, metadata={"enum": ["final", "entered-in-error", None]})
    number = fields.Integer(allow_none=True)
    planned_sessions = fields.Integer()
    booster_cycle = fields.Integer(allow_none=True)
    transport = fields.Nested(TransportView, allow_none=True)
    baseline = fields.Nested(BaselineView, allow_none=True)
    dose_mg = fields.Float(allow_none=True)
    lot = fields.String(allow_none=True)
    administration_started_at = Instant(allow_none=True)
    administration_ended_at = Instant(allow_none=True)
    overnight_time_zone = fields.String(allow_none=True)
    arrived_at = Instant(allow_none=True)
    started_at = Instant(allow_none=True)
    completed_at = Instant(allow_none=True)
    left_at = Instant(allow_none=True)
    disposition = fields.String(allow_none=True)
    ended_reason = fields.String(allow_none=True)
    revision = fields.Integer(metadata={"description": "Of session-completed; 0 until it is published."})
    changes = fields.List(fields.Nested(ChangeView))
    version = fields.Integer()


class ObstacleView(Answer):
    code = fields.String()
    message = fields.String()


class BoardTransport(TransportView):
    light = fields.String(metadata={"enum": ["red", "amber", "green"]})
    reason = fields.String()
    kind = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class TodayView(Answer):
    """One session on today's board. Names and phones are null for readers who may not see them."""

    session_id = fields.UUID()
    patient_id = fields.UUID()
    course_id = fields.UUID()
    site_id = fields.String()
    chair_id = fields.String()
    chair_name = fields.String()
    starts_at = Instant()
    ends_at = Instant()
    state = fields.String()
    kind = fields.String()
    number = fields.Integer(allow_none=True)
    planned_sessions = fields.Integer()
    product = fields.String()
    name = fields.String(allow_none=True)
    record_number = fields.String(allow_none=True)
    birth_year = fields.Integer(allow_none=True)
    phone = fields.String(allow_none=True)
    transport = fields.Nested(BoardTransport, allow_none=True)
    in_the_way = fields.List(fields.Nested(ObstacleView))
    arrived_at = Instant(allow_none=True)
    started_at = Instant(allow_none=True)
    completed_at = Instant(allow_none=True)
    left_at = Instant(allow_none=True)
    disposition = fields.String(allow_none=True)


class TodayBoard(Answer):
    items = fields.List(fields.Nested(TodayView))
    next = fields.String(allow_none=True)


class CallView(Answer):
    """A call for a booster. `call_from`: when to call again; `undone_at`: taken back."""

    call_id = fields.UUID()
    outcome = fields.String()
    reason = fields.String(allow_none=True)
    call_from = Instant(allow_none=True)
    made_at = Instant()
    made_by = fields.String()
    undone_at = Instant(allow_none=True)


class CallChart(CallView):
    note = fields.String(allow_none=True)


class CallPage(Answer):
    items = fields.List(fields.Nested(CallChart))
    next = fields.String(allow_none=True)


class BoosterTaskView(Answer):
    """What a call asked of a colleague: to talk to the patient, to hear of a no, to confirm that somebody left."""

    task_id = fields.UUID()
    booster_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    kind = fields.String()
    reason = fields.String(allow_none=True)
    raised_at = Instant()
    raised_by = fields.String()
    done_at = Instant(allow_none=True)
    done_by = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)


class BoosterTaskPage(Answer):
    items = fields.List(fields.Nested(BoosterTaskView))
    next = fields.String(allow_none=True)


class BoosterView(Answer):
    booster_id = fields.UUID()
    patient_id = fields.UUID()
    course_id = fields.UUID()
    site_id = fields.String()
    cycle = fields.Integer()
    due_on = fields.Date()
    days_overdue = fields.Integer()
    interval_days = fields.Integer()
    state = fields.String()
    urgency = fields.String(allow_none=True)
    reason = fields.String()
    session_id = fields.UUID(allow_none=True)
    product = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    record_number = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    standing = fields.String(metadata={"enum": [standing.value for standing in Standing]})
    calls = fields.Integer(metadata={"description": "Calls that weren’t taken back."})
    last_call = fields.Nested(CallView, allow_none=True)
    snoozed_until = fields.Date(allow_none=True)
    snooze_reason = fields.String(allow_none=True)
    updated_at = Instant()


class BoosterPage(Answer):
    items = fields.List(fields.Nested(BoosterView))
    next = fields.String(allow_none=True)
