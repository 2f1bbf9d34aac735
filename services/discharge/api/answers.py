"""Answers: their shapes for the API's documentation and for dumping. Named fields are always present."""

from marshmallow import fields

from services.discharge.domain.states import (
    EmergencySign,
    Product,
    RecoveryState,
    RestrictionState,
    SessionKind,
    SuicideRiskOutcome,
    SymptomCode,
    TaskKind,
    TaskOutcome,
    TransportKind,
)
from shared.web.fields import Answer, Instant, coded


class VitalsAnswer(Answer):
    """The latest charted value of each, however old; `observed_at` is the latest observation of any kind."""

    observed_at = Instant(allow_none=True)
    pressure_at = Instant(allow_none=True)
    systolic_mmhg = fields.Integer(allow_none=True)
    diastolic_mmhg = fields.Integer(allow_none=True)
    previous_pressure_at = Instant(allow_none=True)
    previous_systolic_mmhg = fields.Integer(allow_none=True)
    previous_diastolic_mmhg = fields.Integer(allow_none=True)
    heart_rate_bpm = fields.Integer(allow_none=True)
    spo2_percent = fields.Integer(allow_none=True)
    moaas = fields.Integer(allow_none=True)


class BaselineAnswer(Answer):
    systolic_mmhg = fields.Integer(allow_none=True)
    diastolic_mmhg = fields.Integer(allow_none=True)
    heart_rate_bpm = fields.Integer(allow_none=True)
    spo2_percent = fields.Integer(allow_none=True)


class TransportAnswer(Answer):
    kind = coded(TransportKind, allow_none=True)
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    present = fields.Boolean()
    identified_by = fields.String(allow_none=True)


class InstructionsAnswer(Answer):
    patient_acknowledged = fields.Boolean()
    escort_acknowledged = fields.Boolean()


class SuicideRiskCheckAnswer(Answer):
    outcome = coded(SuicideRiskOutcome, allow_none=True)
    performed_at = Instant(allow_none=True)


class RecoveryAnswer(Answer):
    session_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    course_id = fields.UUID()
    kind = coded(SessionKind)
    product = coded(Product)
    chair_name = fields.String()
    state = coded(RecoveryState)
    administration_started_at = Instant()
    administration_ended_at = Instant()
    monitoring_started_at = Instant()
    minutes_since_dose = fields.Integer()
    monitored_minutes = fields.Integer()
    next_observation_due_at = Instant(allow_none=True)
    next_observation_overdue = fields.Boolean()
    baseline = fields.Nested(BaselineAnswer)
    vitals = fields.Nested(VitalsAnswer)
    open_emergencies = fields.Integer()
    transport = fields.Nested(TransportAnswer)
    instructions = fields.Nested(InstructionsAnswer)
    suicide_risk_check = fields.Nested(SuicideRiskCheckAnswer)
    left_at = Instant(allow_none=True)
    left_by = fields.String(allow_none=True)
    restriction_earliest_end_at = Instant()
    time_zone = fields.String()
    session_revision = fields.Integer()
    policy_version = fields.String()
    updated_at = Instant()
    version = fields.Integer()


class RecoveriesAnswer(Answer):
    items = fields.List(fields.Nested(RecoveryAnswer))
    next = fields.String(allow_none=True)


class SymptomAnswer(Answer):
    code = fields.String(metadata={"enum": [code.value for code in SymptomCode]})
    grade = fields.Integer()


class AldreteAnswer(Answer):
    activity = fields.Integer()
    respiration = fields.Integer()
    circulation = fields.Integer()
    consciousness = fields.Integer()
    oxygen = fields.Integer()


class PadssAnswer(Answer):
    vital_signs = fields.Integer()
    activity = fields.Integer()
    nausea_vomiting = fields.Integer()
    pain = fields.Integer()
    dissociation = fields.Integer()


class ObservationAnswer(Answer):
    observation_id = fields.UUID()
    session_id = fields.UUID()
    number = fields.Integer()
    observed_at = Instant()
    recorded_at = Instant()
    recorded_by = fields.String()
    systolic_mmhg = fields.Integer(allow_none=True)
    diastolic_mmhg = fields.Integer(allow_none=True)
    heart_rate_bpm = fields.Integer(allow_none=True)
    spo2_percent = fields.Integer(allow_none=True)
    moaas = fields.Integer(allow_none=True)
    nausea_0_10 = fields.Integer(allow_none=True)
    vomiting = fields.Boolean(allow_none=True)
    oriented = fields.Boolean(allow_none=True)
    steady_gait = fields.Boolean(allow_none=True)
    fluids_tolerated = fields.Boolean(allow_none=True)
    dissociation_resolved = fields.Boolean(allow_none=True)
    cadss = fields.Integer(allow_none=True)
    cadss_6 = fields.Integer(allow_none=True)
    aldrete = fields.Nested(AldreteAnswer, allow_none=True)
    padss = fields.Nested(PadssAnswer, allow_none=True)
    symptoms = fields.List(fields.Nested(SymptomAnswer), allow_none=True)


class RecordedObservationAnswer(ObservationAnswer):
    """The observation, and where the patient stands since."""

    state = coded(RecoveryState)
    next_observation_due_at = Instant(allow_none=True)


class ObservationsAnswer(Answer):
    items = fields.List(fields.Nested(ObservationAnswer))
    next = fields.String(allow_none=True)


class EmergencyAnswer(Answer):
    emergency_id = fields.UUID()
    observation_id = fields.UUID()
    observed_at = Instant()
    signs = fields.List(fields.String(metadata={"enum": [sign.value for sign in EmergencySign]}))
    acknowledged_at = Instant(allow_none=True)
    acknowledged_by = fields.String(allow_none=True)


class RecoveryDetailAnswer(RecoveryAnswer):
    emergencies = fields.List(fields.Nested(EmergencyAnswer))


class ReasonAnswer(Answer):
    code = fields.String()
    message = fields.String()
    remaining_seconds = fields.Integer(allow_none=True)


class DecisionAnswer(Answer):
    criteria_met = fields.Boolean()
    reasons = fields.List(fields.Nested(ReasonAnswer))
    policy_version = fields.String()


class RestrictionAnswer(Answer):
    """`ends_at` is null until the patient's word on sleep has ended the restriction."""

    session_id = fields.UUID()
    state = coded(RestrictionState)
    earliest_end_at = Instant()
    ends_at = Instant(allow_none=True)
    time_zone = fields.String()
    explanation = fields.String()
    rule_version = fields.String()


class TaskAnswer(Answer):
    task_id = fields.UUID()
    session_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    kind = coded(TaskKind)
    state = fields.String(metadata={"enum": ["open", "done"]})
    raised_at = Instant()
    done_at = Instant(allow_none=True)
    done_by = fields.String(allow_none=True)
    outcome = coded(TaskOutcome, allow_none=True)


class TasksAnswer(Answer):
    items = fields.List(fields.Nested(TaskAnswer))
    next = fields.String(allow_none=True)
