"""Every number of release, with its unit. Sources: docs/clinical/release.md; a medical director must sign them off."""

from dataclasses import dataclass, field
from datetime import timedelta

from services.discharge.domain.observation import Pressure
from services.discharge.domain.states import Product


def _minutes(*values: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=value) for value in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRules:
    """Defaults of the network; a site or product may have its own, under a version of its own."""

    version: str = "release-2026-11"

    min_monitoring: timedelta = timedelta(minutes=120)
    """Elapsed, inclusive: exactly this long is enough."""
    monitored_from_start: frozenset[Product] = frozenset({Product.ESKETAMINE_NASAL})
    """Products monitored from the first device (administration start); all others from administration end."""

    observations_due: tuple[timedelta, ...] = field(default=_minutes(0, 20, 40, 60, 90, 120))
    """After the start of monitoring."""
    observation_lead: timedelta = timedelta(minutes=10)
    """An observation up to this long before a due time (inclusive), or any later one, meets it."""
    observation_grace: timedelta = timedelta(minutes=10)
    """Exactly this long after a due time is not yet overdue."""
    freshness: timedelta = timedelta(minutes=30)
    """A charted value may be this old, inclusive."""

    settled: Pressure = field(default=Pressure(140, 90))
    """Release pressures may be up to these, inclusive."""
    settled_percent_of_baseline: int = 120
    """Or up to this share of the day's baseline in both components, inclusive, and not rising."""
    settled_span: timedelta = timedelta(minutes=10)
    """Readings count back to the first that is at least this much older than the latest."""
    hold_above: Pressure = field(default=Pressure(160, 100))
    """The latest reading above either component (exclusive) holds the patient."""
    emergency_from: Pressure = field(default=Pressure(180, 110))
    """Any reading at or above either component is an emergency."""

    spo2_release_percent: int = 94
    """Or the baseline, whichever is lower."""
    spo2_hold_below_percent: int = 92
    spo2_emergency_below_percent: int = 90

    moaas: int = 5
    cadss_at_most: int = 4
    cadss_6_at_most: int = 1
    nausea_at_most: int = 3
    vomiting_free: timedelta = timedelta(minutes=30)
    """Exactly this long since vomiting is enough."""
    aldrete_at_least: int = 9
    padss_at_least: int = 9
    emergency_headache_grade: int = 3

    lasting_symptoms_after: timedelta = timedelta(hours=4)
    """After administration end: whoever still has symptoms then is looked at by a clinician."""

    def __post_init__(self) -> None:
        due = self.observations_due
        sound = {
            "version": bool(self.version),
            "observations_due": bool(due) and list(due) == sorted(set(due)) and due[0] >= timedelta(),
            "min_monitoring": self.min_monitoring > timedelta(),
            "observation_lead": self.observation_lead >= timedelta(),
            "observation_grace": self.observation_grace >= timedelta(),
            "freshness": self.freshness > timedelta(),
            "settled_span": self.settled_span > timedelta(),
            "vomiting_free": self.vomiting_free > timedelta(),
            "lasting_symptoms_after": self.lasting_symptoms_after > timedelta(),
            "settled_percent_of_baseline": self.settled_percent_of_baseline >= 100,
            "systolic": self.settled.systolic_mmhg <= self.hold_above.systolic_mmhg < self.emergency_from.systolic_mmhg,
            "diastolic": self.settled.diastolic_mmhg
            <= self.hold_above.diastolic_mmhg
            < self.emergency_from.diastolic_mmhg,
            "spo2": 0
            < self.spo2_emergency_below_percent
            <= self.spo2_hold_below_percent
            <= self.spo2_release_percent
            <= 100,
            "moaas": 0 <= self.moaas <= 5,
            "scores": 0 <= self.aldrete_at_least <= 10 and 0 <= self.padss_at_least <= 10,
            "dissociation": 0 <= self.cadss_at_most <= 92 and 0 <= self.cadss_6_at_most <= 24,
            "nausea_at_most": 0 <= self.nausea_at_most <= 10,
            "emergency_headache_grade": 1 <= self.emergency_headache_grade <= 3,
        }
        wrong = [name for name, holds in sound.items() if not holds]
        if wrong:
            raise ValueError(f"release rules make no sense: {', '.join(wrong)}")
