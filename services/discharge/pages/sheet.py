"""What opens under a row: the due observation, pressure since the dose, and everything that stands against leaving."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.discharge.domain.recovery import Recovery
from services.discharge.domain.states import EmergencySign, SuicideRiskOutcome
from services.discharge.pages.observation_form import SYMPTOM_WORDS, FormView, form_view
from services.discharge.pages.pressure_chart import NARROW, WIDE, PressureChart, pressure_chart
from services.discharge.pages.reason_words import Line, earliest, escort_noun, lines, next_act
from services.discharge.use_cases.show_board import Stay
from shared.web.pages.words import clock

SIGN_WORDS = {
    EmergencySign.PRESSURE: "pressure",
    EmergencySign.OXYGEN: "oxygen",
    EmergencySign.CHEST_PAIN: "chest pain",
    EmergencySign.HEADACHE: "severe headache",
    EmergencySign.NEUROLOGICAL: "neurological sign",
}


# criterion, what of an observation meets it, and the words for the value that does
_BY_VALUE: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("pressure-not-settled", "pressure", lambda v: f"Pressure settled, {v.systolic_mmhg}/{v.diastolic_mmhg}"),
    ("oxygen-low", "spo2_percent", lambda v: f"Oxygen {v} %"),
    ("sedation", "moaas", lambda v: f"MOAA/S {v} of 5"),
    ("dissociation", "dissociation_resolved", lambda v: "Dissociation resolved"),
    ("orientation", "oriented", lambda v: "Oriented ×3"),
    ("gait", "steady_gait", lambda v: "Steady gait"),
    ("vomiting", "vomiting", lambda v: "No vomiting"),
    ("nausea", "nausea_0_10", lambda v: f"Nausea {v} of 10"),
    ("fluids", "fluids_tolerated", lambda v: "Fluids tolerated"),
    ("aldrete", "aldrete", lambda v: f"Aldrete {v.total} of 10"),
    ("padss", "padss", lambda v: f"PADSS {v.total} of 10"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of numbers; `high` above the hold limit. Empty: not charted then."""

    time: str
    pressure: str
    high: bool
    rate: str
    spo2: str
    moaas: str
    is_baseline: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    at: datetime
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`seen` says of each part that is replaced whole what its form was drawn with."""

    stay: Stay
    form: FormView
    wide: PressureChart
    narrow: PressureChart
    readings: tuple[Reading, ...]
    hold_words: str
    so_far: tuple[Happened, ...]
    unmet: tuple[Line, ...]
    met: tuple[str, ...]
    earliest_at: str
    next_act: str
    escort: str
    seen: dict[str, str]


def sheet_of(stay: Stay, *, zone: ZoneInfo, now: datetime) -> Sheet:
    until = stay.row.left_at or now
    found = lines(stay, zone, now)
    soonest = earliest(stay.decision.reasons, now)
    hold = stay.rules.hold_above
    return Sheet(
        stay=stay,
        form=form_view(stay, zone=zone),
        wide=pressure_chart(stay, width=WIDE, until=until),
        narrow=pressure_chart(stay, width=NARROW, until=until),
        readings=_readings(stay, zone),
        hold_words=f"{hold.systolic_mmhg}/{hold.diastolic_mmhg}",
        so_far=tuple(sorted(_so_far(stay.chart), key=lambda each: each.at)),
        unmet=tuple(found),
        met=met(stay, now=until),
        earliest_at="" if soonest is None else clock(soonest, zone),
        next_act=next_act(found) if found else "",
        escort=escort_noun(stay),
        seen=seen(stay.row, stay.chart),
    )


def seen(row: Any, chart: Recovery) -> dict[str, str]:
    """What a form of each part was drawn with, so that its answer can be told from one that came too late."""
    transport = (row.transport_kind, row.transport_name, row.transport_phone, row.transport_present)
    return {
        "transport": "|".join(str(each or "") for each in (*transport, row.transport_identified_by)),
        "instructions": f"{row.patient_acknowledged:d}{row.escort_acknowledged:d}",
        "check": str(len(chart.suicide_risk_checks)),
    }


def met(stay: Stay, *, now: datetime) -> tuple[str, ...]:
    """The criteria that are met, with the value that meets them. What isn't charted freshly is never among them."""
    unmet = {reason.code for reason in stay.decision.reasons}
    chart, rules, row = stay.chart, stay.rules, stay.row

    def fresh(name: str) -> Any:
        found = chart.latest(name)
        return None if found is None or now - found[0] > rules.freshness else found[1]

    found = []
    for code, name, words in _BY_VALUE:
        value = fresh(name)
        if value is not None and code not in unmet:
            found.append(words(value))
    others = (
        ("monitoring-time", f"Watched for {int(rules.min_monitoring.total_seconds() // 60)} min"),
        ("suicide-risk-check", "Suicide-risk check done"),
        ("instructions", "Instructions acknowledged"),
    )
    found += [words for code, words in others if code not in unmet]
    if unmet.isdisjoint({"transport-missing", "transport-not-present"}):
        found.append(f"{row.transport_name or escort_noun(stay)} is here")
    return tuple(found)


def _readings(stay: Stay, zone: ZoneInfo) -> tuple[Reading, ...]:
    """Latest first; the baseline closes the list."""
    hold, base = stay.rules.hold_above, stay.chart.baseline
    found = []
    for each in reversed(stay.chart.observations):
        pressure = each.pressure
        if pressure is None and each.heart_rate_bpm is None and each.spo2_percent is None and each.moaas is None:
            continue
        high = pressure is not None and (
            pressure.systolic_mmhg > hold.systolic_mmhg or pressure.diastolic_mmhg > hold.diastolic_mmhg
        )
        found.append(
            Reading(
                clock(each.observed_at, zone),
                "" if pressure is None else f"{pressure.systolic_mmhg}/{pressure.diastolic_mmhg}",
                high,
                _text(each.heart_rate_bpm),
                _text(each.spo2_percent),
                _text(each.moaas),
            )
        )
    words = f"{base.pressure.systolic_mmhg}/{base.pressure.diastolic_mmhg}"
    found.append(
        Reading("Baseline", words, False, str(base.heart_rate_bpm), str(base.spo2_percent), "", is_baseline=True)
    )
    return tuple(found)


def _so_far(chart: Recovery) -> list[Happened]:
    found = []
    for each in chart.observations:
        present = [
            f"{SYMPTOM_WORDS[symptom.code]}, grade {symptom.grade}" for symptom in each.symptoms or () if symptom.grade
        ]
        present += ["Vomited"] if each.vomiting else []
        if present:
            found.append(Happened(each.observed_at, "; ".join(present)))
    for emergency in chart.emergencies:
        signs = ", ".join(SIGN_WORDS[sign] for sign in emergency.signs)
        found.append(Happened(emergency.observed_at, f"Emergency: {signs}. A clinician was paged", "stop"))
        if emergency.acknowledged_at is not None:
            found.append(Happened(emergency.acknowledged_at, "Emergency seen by a clinician"))
    for check in chart.suicide_risk_checks:
        concern = check.outcome is SuicideRiskOutcome.CONCERN
        by = " by a prescriber" if check.by_prescriber else ""
        words = f"Suicide-risk check{by}: {'concern' if concern else 'no concern'}"
        found.append(Happened(check.performed_at, words, "stop" if concern else ""))
    return found


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
