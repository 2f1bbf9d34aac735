"""Request bodies: shapes and the limits of single fields."""

from datetime import date
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from services.discharge.api.fields import Hours, within
from services.discharge.domain import observation as charted
from services.discharge.domain.observation import Aldrete, Padss, Symptom
from services.discharge.domain.states import RecoveryState, SuicideRiskOutcome, SymptomCode, TaskOutcome, TransportKind
from shared.web.fields import Body, Choice, Flag, Instant, Text, Whole
from shared.web.paging import Asked


class RecoveriesQuery(Asked):
    state = fields.List(Choice(RecoveryState), load_default=())
    day = fields.Date(
        load_default=None,
        validate=validate.Range(date(2000, 1, 1), date(2199, 12, 31), error="Must be in 2000 to 2199."),
        metadata={"description": "The site’s local day of administration’s end."},
    )


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"


class TasksQuery(Asked):
    state = Choice(TaskState, load_default=None)


class AldreteBody(Body):
    activity = Whole(0, 2, required=True)
    respiration = Whole(0, 2, required=True)
    circulation = Whole(0, 2, required=True)
    consciousness = Whole(0, 2, required=True)
    oxygen = Whole(0, 2, required=True)

    @post_load
    def to_score(self, data: dict[str, Any], **_: Any) -> Aldrete:
        return Aldrete(**data)


class PadssBody(Body):
    vital_signs = Whole(0, 2, required=True)
    activity = Whole(0, 2, required=True)
    nausea_vomiting = Whole(0, 2, required=True)
    pain = Whole(0, 2, required=True)
    dissociation = Whole(0, 2, required=True)

    @post_load
    def to_score(self, data: dict[str, Any], **_: Any) -> Padss:
        return Padss(**data)


class SymptomBody(Body):
    code = Choice(SymptomCode, required=True)
    grade = Whole(charted.SYMPTOM_GRADE.low, charted.SYMPTOM_GRADE.high, required=True)

    @post_load
    def to_symptom(self, data: dict[str, Any], **_: Any) -> Symptom:
        return Symptom(**data)


def _flag() -> Flag:
    return Flag(allow_none=True, load_default=None)


class ObservationBody(Body):
    """Absent (or null) says: not charted now. At least one value is needed, or nobody has looked."""

    observed_at = Instant(allow_none=True, load_default=None)
    systolic_mmhg = within(charted.SYSTOLIC_MMHG)
    diastolic_mmhg = within(charted.DIASTOLIC_MMHG)
    heart_rate_bpm = within(charted.HEART_RATE_BPM)
    spo2_percent = within(charted.SPO2_PERCENT)
    moaas = within(charted.MOAAS)
    nausea_0_10 = within(charted.NAUSEA_0_10)
    vomiting = _flag()
    oriented = _flag()
    steady_gait = _flag()
    fluids_tolerated = _flag()
    dissociation_resolved = _flag()
    cadss = within(charted.CADSS)
    cadss_6 = within(charted.CADSS_6)
    aldrete = fields.Nested(AldreteBody, allow_none=True, load_default=None)
    padss = fields.Nested(PadssBody, allow_none=True, load_default=None)
    symptoms = fields.List(
        fields.Nested(SymptomBody),
        allow_none=True,
        load_default=None,
        validate=validate.Length(max=len(SymptomCode), error=f"At most {len(SymptomCode)} symptoms."),
    )

    @validates_schema(skip_on_field_errors=True)
    def check_together(self, data: dict[str, Any], **_: Any) -> None:
        systolic, diastolic = data["systolic_mmhg"], data["diastolic_mmhg"]
        if (systolic is None) != (diastolic is None):
            missing = "systolic_mmhg" if systolic is None else "diastolic_mmhg"
            raise ValidationError({missing: ["A blood pressure needs both components."]})
        if systolic is not None and diastolic >= systolic:
            raise ValidationError({"diastolic_mmhg": ["Must be below systolic_mmhg."]})
        symptoms = data["symptoms"] or ()
        if len({symptom.code for symptom in symptoms}) != len(symptoms):
            raise ValidationError({"symptoms": ["Each code once."]})
        if all(value is None for name, value in data.items() if name != "observed_at"):
            raise ValidationError("Nothing is charted: at least one value is needed.")


class TransportBody(Body):
    kind = Choice(TransportKind, required=True, allow_none=True)
    name = Text(200, allow_none=True, load_default=None)
    phone = Text(40, allow_none=True, load_default=None)
    present = Flag(load_default=False)
    identified_by = Text(200, allow_none=True, load_default=None)


class InstructionsBody(Body):
    patient_acknowledged = Flag(required=True)
    escort_acknowledged = Flag(required=True)


class SuicideRiskCheckBody(Body):
    outcome = Choice(SuicideRiskOutcome, required=True)
    performed_at = Instant(allow_none=True, load_default=None)


class AcknowledgementBody(Body):
    note = Text(2000, allow_none=True, load_default=None)


class ReleaseBody(Body):
    left_at = Instant(allow_none=True, load_default=None)


class LeftAgainstAdviceBody(Body):
    reason = Text(2000, allow_none=True, load_default=None)
    left_at = Instant(allow_none=True, load_default=None)


class SleepAttestationBody(Body):
    slept_hours = Hours(required=True)
    rested = Flag(required=True)
    symptom_free = Flag(required=True)


class DoneBody(Body):
    outcome = Choice(TaskOutcome, allow_none=True, load_default=None)
    note = Text(2000, allow_none=True, load_default=None)
