"""Shapes on the wire: what maintenance accepts and answers. Rules live in the domain."""

from marshmallow import fields, validate

from services.maintenance.domain.escalations import EscalationKind, EscalationState
from services.maintenance.domain.instruments import Band, Instrument, PclCut
from services.maintenance.domain.lifestyle import DAYS_A_WEEK
from services.maintenance.domain.plan import PlanState
from services.maintenance.domain.policies.overriding import OverrideState
from shared.web.fields import Answer, Body, Choice, Day, Instant, Text, Whole, coded
from shared.web.paging import Asked

LONGEST_REASON = 2_000
LONGEST_MESSAGE = 4_000
LONGEST_SITE_ID = 64
# far above any form: the form's own number of items is checked by the domain, which names it
_MOST_ANSWERS = 100
_ANSWER_ENDS = (-1_000, 1_000)


class OnePatientQuery(Asked):
    patient_id = fields.UUID(required=True)


class CrisisLineView(Answer):
    name = fields.String()
    contact = fields.String()
    hours = fields.String()


class AssessmentBody(Body):
    patient_id = fields.UUID(required=True)
    site_id = Text(LONGEST_SITE_ID, load_default=None, allow_none=True)
    instrument = Choice(Instrument, required=True)
    answers = fields.List(
        Whole(*_ANSWER_ENDS),
        required=True,
        validate=validate.Length(max=_MOST_ANSWERS, error=f"At most {_MOST_ANSWERS} answers."),
        metadata={"description": "one integer an item, in form order"},
    )
    taken_at = Instant(load_default=None, allow_none=True)


class AssessmentView(Answer):
    assessment_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    instrument = coded(Instrument)
    form_version = fields.String()
    answers = fields.List(fields.Integer())
    score = fields.Integer()
    band = coded(Band, allow_none=True)
    cut = coded(PclCut, allow_none=True)
    taken_at = Instant()
    recorded_at = Instant()


class AssessmentRecorded(AssessmentView):
    crisis_lines = fields.List(fields.Nested(CrisisLineView))


class AssessmentQuery(OnePatientQuery):
    instrument = Choice(Instrument, load_default=None)


class AssessmentPage(Answer):
    items = fields.List(fields.Nested(AssessmentView))
    next = fields.String(allow_none=True)


class PlanChangeView(Answer):
    at = Instant()
    state = coded(PlanState)
    cycle = fields.Integer()
    interval_days = fields.Integer(allow_none=True)
    due_on = fields.Date(allow_none=True)
    rule = fields.Integer(allow_none=True)
    explanation = fields.String()
    policy_version = fields.String()


class JournalCountView(Answer):
    early = fields.Integer()
    in_window = fields.Integer()
    late = fields.Integer()


class OwnPlanView(Answer):
    """What a patient sees of their own plan."""

    patient_id = fields.UUID()
    plan_id = fields.UUID(allow_none=True)
    course_id = fields.UUID(allow_none=True)
    site_id = fields.String()
    state = coded(PlanState)
    baseline = fields.Integer(allow_none=True)
    lowest = fields.Integer(allow_none=True)
    current = fields.Integer(allow_none=True)
    interval_days = fields.Integer(allow_none=True)
    due_on = fields.Date(allow_none=True)
    rule = fields.Integer(allow_none=True)
    explanation = fields.String()
    policy_version = fields.String(allow_none=True)
    cycle = fields.Integer()
    sessions_done = fields.Integer()
    planned_sessions = fields.Integer(allow_none=True)
    journals = fields.Nested(JournalCountView)
    crisis_lines = fields.List(fields.Nested(CrisisLineView))
    history = fields.List(fields.Nested(PlanChangeView))


class OverrideView(Answer):
    override_id = fields.UUID()
    interval_days = fields.Integer()
    reason = fields.String()
    expires_on = fields.Date()
    state = coded(OverrideState)
    ordered_by = fields.String()
    ordered_at = Instant()
    confirmed_by = fields.String(allow_none=True)
    confirmed_at = Instant(allow_none=True)


class PlanView(OwnPlanView):
    """What staff see: also who has set what in place of the ladder, and why."""

    overrides = fields.List(fields.Nested(OverrideView))


class OverriddenPlanView(PlanView):
    override_id = fields.UUID()


class OverrideBody(Body):
    interval_days = Whole(-1_000_000, 1_000_000, required=True)
    reason = Text(LONGEST_REASON, required=True)
    expires_on = Day(required=True)


class NoBody(Body):
    """Nothing to say: `{}`."""


class ResolutionBody(Body):
    note = Text(LONGEST_REASON, load_default=None, allow_none=True)


class EscalationView(Answer):
    escalation_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    kind = coded(EscalationKind)
    state = coded(EscalationState)
    raised_at = Instant()
    due_at = Instant()
    overdue = fields.Boolean()
    on_call = fields.String(allow_none=True)
    next_call_at = Instant(allow_none=True)
    acknowledged_at = Instant(allow_none=True)
    acknowledged_by = fields.String(allow_none=True)
    resolved_at = Instant(allow_none=True)
    resolved_by = fields.String(allow_none=True)


class EscalationQuery(Asked):
    state = Choice(EscalationState, load_default=None)


class EscalationPage(Answer):
    items = fields.List(fields.Nested(EscalationView))
    next = fields.String(allow_none=True)


class CheckInBody(Body):
    patient_id = fields.UUID(required=True)
    site_id = Text(LONGEST_SITE_ID, load_default=None, allow_none=True)
    week_starts_on = Day(load_default=None, allow_none=True)
    active_days = Whole(0, DAYS_A_WEEK, load_default=None, allow_none=True)
    restful_nights = Whole(0, DAYS_A_WEEK, load_default=None, allow_none=True)
    balanced_days = Whole(0, DAYS_A_WEEK, load_default=None, allow_none=True)


class CheckInView(Answer):
    check_in_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    week_starts_on = fields.Date()
    active_days = fields.Integer(allow_none=True)
    restful_nights = fields.Integer(allow_none=True)
    balanced_days = fields.Integer(allow_none=True)
    recorded_at = Instant()


class CheckInPage(Answer):
    items = fields.List(fields.Nested(CheckInView))
    next = fields.String(allow_none=True)


class ThreadQuery(Asked):
    patient_id = fields.UUID(load_default=None)


class MessageBody(Body):
    text = Text(LONGEST_MESSAGE, required=True)


class MessageView(Answer):
    message_id = fields.UUID()
    thread_id = fields.UUID()
    number = fields.Integer()
    sender = fields.String(metadata={"enum": ["patient", "care-team"]})
    text = fields.String()
    sent_at = Instant()


class ThreadView(Answer):
    """`messages` is null on a board of several patients: their words are read one patient at a time."""

    thread_id = fields.UUID()
    patient_id = fields.UUID()
    message_count = fields.Integer()
    last_message_at = Instant(allow_none=True)
    waits_for = fields.String(allow_none=True, metadata={"enum": ["patient", "care-team"]})
    messages = fields.List(fields.Nested(MessageView), allow_none=True)
    updated_at = Instant()


class ThreadPage(Answer):
    items = fields.List(fields.Nested(ThreadView))
    next = fields.String(allow_none=True)
