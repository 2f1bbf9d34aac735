"""What a nurse charts at one moment. None means: not charted now, which is never the same as normal."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.discharge.domain.states import SymptomCode


@dataclass(frozen=True, slots=True)
class Limits:
    """What a measured number may be at all, both ends inclusive; outside it is a slip of the pen, and refused."""

    low: int
    high: int


SYSTOLIC_MMHG = Limits(40, 300)
DIASTOLIC_MMHG = Limits(20, 200)
HEART_RATE_BPM = Limits(20, 250)
SPO2_PERCENT = Limits(30, 100)
MOAAS = Limits(0, 5)
NAUSEA_0_10 = Limits(0, 10)
CADSS = Limits(0, 92)
CADSS_6 = Limits(0, 24)
SYMPTOM_GRADE = Limits(0, 3)


@dataclass(frozen=True, slots=True)
class Pressure:
    """A blood pressure in mmHg."""

    systolic_mmhg: int
    diastolic_mmhg: int


@dataclass(frozen=True, slots=True)
class Aldrete:
    """The modified Aldrete score: five items of 0 to 2."""

    activity: int
    respiration: int
    circulation: int
    consciousness: int
    oxygen: int

    @property
    def total(self) -> int:
        return self.activity + self.respiration + self.circulation + self.consciousness + self.oxygen


@dataclass(frozen=True, slots=True)
class Padss:
    """The post-anaesthetic discharge score: five items of 0 to 2, with dissociation in the place of bleeding."""

    vital_signs: int
    activity: int
    nausea_vomiting: int
    pain: int
    dissociation: int

    @property
    def items(self) -> tuple[int, ...]:
        return (self.vital_signs, self.activity, self.nausea_vomiting, self.pain, self.dissociation)

    @property
    def total(self) -> int:
        return sum(self.items)


@dataclass(frozen=True, slots=True)
class Symptom:
    """Grade 0 says that it was looked for and is absent; 1 mild, 2 moderate, 3 severe."""

    code: SymptomCode
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One charting. `number` counts a recovery's observations from 1 as they were recorded, and breaks ties in time."""

    observation_id: UUID
    number: int
    observed_at: datetime
    pressure: Pressure | None = None
    heart_rate_bpm: int | None = None
    spo2_percent: int | None = None
    moaas: int | None = None
    nausea_0_10: int | None = None
    vomiting: bool | None = None
    oriented: bool | None = None
    steady_gait: bool | None = None
    fluids_tolerated: bool | None = None
    dissociation_resolved: bool | None = None
    cadss: int | None = None
    cadss_6: int | None = None
    aldrete: Aldrete | None = None
    padss: Padss | None = None
    symptoms: tuple[Symptom, ...] | None = None

    def grade(self, code: SymptomCode) -> int:
        """The grade charted for `code`; 0 when it wasn't charted, so only ever use it to find what is present."""
        return max((symptom.grade for symptom in self.symptoms or () if symptom.code is code), default=0)
