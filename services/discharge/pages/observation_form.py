"""The observation as a form: the API's own body, with each symptom's grade chosen from a list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields

from services.discharge.api.schemas import ObservationBody
from services.discharge.domain.observation import SYMPTOM_GRADE, Symptom
from services.discharge.domain.states import SymptomCode
from services.discharge.use_cases.show_board import Stay
from shared.web.pages.words import clock

NO_SYMPTOMS = "none"
SYMPTOM_WORDS = {
    SymptomCode.DIZZINESS: "Dizziness",
    SymptomCode.DISORIENTATION: "Disorientation",
    SymptomCode.NAUSEA: "Nausea",
    SymptomCode.HEADACHE: "Headache",
    SymptomCode.CHEST_PAIN: "Chest pain",
    SymptomCode.NEUROLOGICAL: "Neurological sign",
}
GRADES = (("0", "None"), ("1", "1, mild"), ("2", "2, moderate"), ("3", "3, severe"))
MOAAS = (
    ("5", "5", "Responds readily"),
    ("4", "4", "Lethargic"),
    ("3", "3", "Loud or repeated"),
    ("2", "2", "Prodding, shaking"),
    ("1", "1", "Painful squeeze"),
    ("0", "0", "No response"),
)
NAUSEA = tuple((str(value), "", str(value)) for value in range(11))
YES_NO = (("yes", "", "Yes"), ("no", "", "No"))
FLAGS = (
    ("vomiting", "Vomiting, 30 min"),
    ("oriented", "Oriented ×3"),
    ("steady_gait", "Steady gait"),
    ("fluids_tolerated", "Fluids tolerated"),
    ("dissociation_resolved", "Dissociation resolved"),
)
ALDRETE = (
    ("activity", "Activity", ("Moves no limbs", "Moves two limbs", "Moves all limbs")),
    ("respiration", "Respiration", ("Not breathing alone", "Shallow or short", "Deep, coughs freely")),
    ("circulation", "Circulation", ("Over 50 % off baseline", "20 to 50 % off", "Within 20 %")),
    ("consciousness", "Consciousness", ("No response", "Wakes to a call", "Fully awake")),
    ("oxygen", "Oxygen", ("Under 90 % with oxygen", "Needs oxygen for 90 %", "Over 92 % in room air")),
)
PADSS = (
    ("vital_signs", "Vital signs", ("Over 40 % off baseline", "20 to 40 % off", "Within 20 %")),
    ("activity", "Activity", ("Can’t walk", "Needs help", "Steady, not dizzy")),
    ("nausea_vomiting", "Nausea, vomiting", ("Goes on after treatment", "Moderate, treated", "Little or none")),
    ("pain", "Pain", ("Severe", "Moderate", "Little or none")),
    ("dissociation", "Dissociation", ("Marked", "Some", "None")),
)
_MEASURED = ("pressure", "heart_rate_bpm", "spo2_percent", "moaas", "nausea_0_10", "cadss", "cadss_6")
LABELS = {
    "observed_at": "Observed at",
    "systolic_mmhg": "Pressure, upper",
    "diastolic_mmhg": "Pressure, lower",
    "heart_rate_bpm": "Heart rate",
    "spo2_percent": "SpO₂",
    "moaas": "Sedation, MOAA/S",
    "nausea_0_10": "Nausea, 0 to 10",
    "cadss": "CADSS",
    "cadss_6": "CADSS-6",
    "symptoms": "Symptoms",
    **dict(FLAGS),
    **{f"aldrete.{name}": f"Aldrete, {label.lower()}" for name, label, _ in ALDRETE},
    **{f"padss.{name}": f"PADSS, {label.lower()}" for name, label, _ in PADSS},
}


class GradedSymptom(fields.Field[Symptom | None]):
    """ "chest-pain:2", or "none" for: looked for and found none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Symptom | None:
        if value == NO_SYMPTOMS:
            return None
        code, _, grade = str(value).partition(":")
        allowed = {str(each) for each in range(SYMPTOM_GRADE.low, SYMPTOM_GRADE.high + 1)}
        if code not in list(SymptomCode) or grade not in allowed:
            raise ValidationError("Choose a grade from the list.")
        return Symptom(SymptomCode(code), int(grade))


class ObservationForm(ObservationBody):
    symptoms = fields.List(GradedSymptom(), allow_none=True, load_default=None)

    def load(self, data: Any, **how: Any) -> Any:
        # "none of these" beside a grade says two things at once
        said = data.get("symptoms") or [] if isinstance(data, dict) else []
        if NO_SYMPTOMS in said:
            if any(not str(each).endswith(":0") for each in said if each != NO_SYMPTOMS):
                raise ValidationError({"symptoms": ["Either none of these, or the grade of what there is."]})
            data = data | {"symptoms": [each for each in said if each != NO_SYMPTOMS]}
        try:
            return super().load(data, **how)
        except ValidationError as error:
            # the lists of symptoms are one field to whoever fills them
            found = error.messages
            if isinstance(found, dict) and isinstance(found.get("symptoms"), dict):
                found["symptoms"] = next(iter(found["symptoms"].values()))
            raise ValidationError(found) from error


@dataclass(frozen=True, slots=True)
class Last:
    """The last charted value in words, and when, if that wasn't at the last observation."""

    words: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class FormView:
    """`name` is what the form stands for: "90-minute observation"."""

    name: str
    last_at: str
    last: dict[str, Last]
    baseline: dict[str, str]
    warnings: dict[str, str]
    hold_systolic: int
    hold_diastolic: int
    hold_spo2: int


def form_view(stay: Stay, *, zone: ZoneInfo) -> FormView:
    observations, base, rules = stay.chart.observations, stay.chart.baseline, stay.rules
    last_at = observations[-1].observed_at if observations else None
    due = stay.row.next_observation_due_at
    offset = None if due is None else due - stay.monitored_from
    scheduled = offset is not None and offset in rules.observations_due
    hold = rules.hold_above
    limit = f"{hold.systolic_mmhg}/{hold.diastolic_mmhg}"
    pressure_warning = f"Above {limit}: the patient stays on hold. Tell a clinician and measure again."
    return FormView(
        name=f"{int(offset.total_seconds() // 60)}-minute observation"
        if scheduled and offset is not None
        else "Observation before leaving",
        last_at="" if last_at is None else clock(last_at, zone),
        last={name: _last(stay, name, last_at, zone) for name in (*_MEASURED, *dict(FLAGS), "aldrete", "padss")},
        baseline={
            "pressure": f"{base.pressure.systolic_mmhg}/{base.pressure.diastolic_mmhg}",
            "heart_rate_bpm": str(base.heart_rate_bpm),
            "spo2_percent": f"{base.spo2_percent} %",
        },
        warnings={
            "pressure": pressure_warning,
            "spo2_percent": f"Below {rules.spo2_hold_below_percent} %: the patient stays on hold. Tell a clinician.",
        },
        hold_systolic=hold.systolic_mmhg,
        hold_diastolic=hold.diastolic_mmhg,
        hold_spo2=rules.spo2_hold_below_percent,
    )


def _last(stay: Stay, name: str, last_at: datetime | None, zone: ZoneInfo) -> Last:
    found = stay.chart.latest(name)
    if found is None:
        return Last("")
    at, value = found
    return Last(_words(name, value), "" if at == last_at else clock(at, zone))


def _words(name: str, value: Any) -> str:
    match name:
        case "pressure":
            return f"{value.systolic_mmhg}/{value.diastolic_mmhg}"
        case "spo2_percent":
            return f"{value} %"
        case "aldrete" | "padss":
            return f"{value.total} of 10"
        case _ if isinstance(value, bool):
            return "Yes" if value else "No"
    return str(value)
