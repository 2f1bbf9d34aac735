"""The criteria for leaving in the desk's words: a chip on the board, a sentence with its values in the sheet. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from services.discharge.domain.policies.suicide_risk import open_concern
from services.discharge.domain.states import TransportKind
from services.discharge.use_cases.show_board import Stay
from shared.kernel.decision import Reason
from shared.web.pages.words import clock, span

MOST_CHIPS = 4


@dataclass(frozen=True, slots=True)
class Chip:
    """`tone` is ok, warn, stop or wait."""

    tone: str
    glyph: str
    words: str


class Settles(StrEnum):
    """What of the sheet settles an unmet criterion."""

    CHART = "chart"
    CHECK = "check"
    TRANSPORT = "transport"
    INSTRUCTIONS = "instructions"
    ACKNOWLEDGE = "acknowledge"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Line:
    """One unmet criterion. `left` is how long until time alone settles it, or how long it is overdue."""

    code: str
    tone: str
    glyph: str
    sentence: str
    note: str
    left: str
    settles: Settles


_SETTLES = {
    "emergency-unacknowledged": Settles.ACKNOWLEDGE,
    "suicide-risk-check": Settles.CHECK,
    "monitoring-time": Settles.TIME,
    "transport-missing": Settles.TRANSPORT,
    "transport-not-present": Settles.TRANSPORT,
    "instructions": Settles.INSTRUCTIONS,
}
_GLYPHS = {
    "emergency-unacknowledged": "alert-octagon",
    "pressure-hold": "alert-octagon",
    "oxygen-low": "alert-octagon",
    "sedation": "zzz",
    "dissociation": "brain",
    "orientation": "help",
    "gait": "walk",
    "pressure-not-settled": "activity",
    "vomiting": "droplet",
    "nausea": "mood-sad",
    "fluids": "droplet",
    "aldrete": "clipboard-check",
    "padss": "clipboard-check",
    "suicide-risk-check": "user-check",
    "observation-overdue": "stethoscope",
    "observation-missing": "stethoscope",
    "monitoring-time": "hourglass",
    "transport-missing": "car-off",
    "transport-not-present": "walk",
    "instructions": "file-text",
}
_STOPS = frozenset({"emergency-unacknowledged", "pressure-hold", "oxygen-low", "transport-missing"})
_WAITS = frozenset({"monitoring-time", "transport-not-present", "instructions"})
_FIRST = ("emergency-unacknowledged", "pressure-hold", "oxygen-low", "suicide-risk-check", "observation-overdue")


def chips(stay: Stay, now: datetime) -> tuple[Chip, ...]:
    """At most four, worst first; the last says how many more. Time left stays in sight."""
    reasons = sorted(stay.decision.reasons, key=lambda reason: _rank(reason, stay))
    found = [chip(reason, stay) for reason in reasons]
    due = stay.row.next_observation_due_at
    if stay.is_here and due is not None and due <= now and not _has(reasons, "observation-overdue"):
        found.insert(_stops(found), Chip("warn", "stethoscope", "Observation due"))
    if len(found) <= MOST_CHIPS:
        return tuple(found)
    first = found[:2]
    time = next((each for each in found[2:] if each.glyph == "hourglass"), found[2])
    return (*first, time, Chip("wait", "dots", f"{len(found) - 3} more"))


def chip(reason: Reason, stay: Stay) -> Chip:
    return Chip(_tone(reason, stay), _GLYPHS[reason.code], _chip_words(reason, stay))


def lines(stay: Stay, zone: ZoneInfo, now: datetime) -> list[Line]:
    """Every unmet criterion in the policy's order, worst first."""
    found = []
    for reason in stay.decision.reasons:
        sentence, note = _sentence(reason, stay, zone)
        left = "" if reason.remaining is None else span(reason.remaining)
        settles = _SETTLES.get(reason.code, Settles.CHART)
        found.append(Line(reason.code, _tone(reason, stay), _GLYPHS[reason.code], sentence, note, left, settles))
    return found


def earliest(reasons: Sequence[Reason], now: datetime) -> datetime | None:
    """When time alone will have settled what time settles; None when nothing of it is time's."""
    left = [reason.remaining for reason in reasons if reason.remaining is not None]
    return now + max(left) if left else None


def next_act(found: Sequence[Line]) -> str:
    """What to do first, after "Next:"."""
    words = {
        Settles.ACKNOWLEDGE: "a clinician sees the patient and acknowledges the emergency",
        Settles.CHART: "chart the observation",
        Settles.CHECK: "record the suicide-risk check",
        Settles.TRANSPORT: "settle the way home",
        Settles.INSTRUCTIONS: "go through the instructions",
        Settles.TIME: "only time is missing",
    }
    order = list(words)
    return words[min((line.settles for line in found), key=order.index)]


def escort_noun(stay: Stay) -> str:
    row = stay.row
    if row.transport_name:
        return str(row.transport_name)
    return "The ride" if row.transport_kind is TransportKind.CONTRACTED_RIDE else "The escort"


def _rank(reason: Reason, stay: Stay) -> tuple[int, int]:
    if reason.code in _FIRST and (reason.code != "suicide-risk-check" or _concern(stay)):
        return 0, _FIRST.index(reason.code)
    return {"stop": 1, "warn": 2, "wait": 3}[_tone(reason, stay)], 0


def _tone(reason: Reason, stay: Stay) -> str:
    if reason.code in _STOPS or (reason.code == "suicide-risk-check" and _concern(stay)):
        return "stop"
    return "wait" if reason.code in _WAITS else "warn"


def _concern(stay: Stay) -> bool:
    return open_concern(stay.chart.suicide_risk_checks)


def _has(reasons: Sequence[Reason], code: str) -> bool:
    return any(reason.code == code for reason in reasons)


def _stops(found: Sequence[Chip]) -> int:
    return sum(each.tone == "stop" for each in found)


def _chip_words(reason: Reason, stay: Stay) -> str:
    ride = stay.row.transport_kind is TransportKind.CONTRACTED_RIDE
    who = "Ride" if ride else "Escort"
    match reason.code:
        case "sedation":
            return f"Sedation, MOAA/S {_value(stay, 'moaas')}"
        case "oxygen-low":
            return f"Oxygen {_value(stay, 'spo2_percent')} %"
        case "nausea":
            return f"Nausea {_value(stay, 'nausea_0_10')} of 10"
        case "pressure-not-settled":
            known = stay.chart.latest("pressure") is not None
            return "Pressure not settled" if known else "Pressure not measured"
        case "observation-missing":
            return "Values to chart" if stay.chart.observations else "Nothing charted yet"
        case "suicide-risk-check":
            return "Suicide-risk concern" if _concern(stay) else "Suicide-risk check"
        case "monitoring-time":
            return f"{span(reason.remaining or timedelta())} left"
        case "transport-not-present":
            return f"{who} not identified" if stay.row.transport_present else f"{who} not here yet"
        case _:
            return _CHIP_WORDS[reason.code]


_CHIP_WORDS = {
    "emergency-unacknowledged": "Emergency",
    "pressure-hold": "Pressure on hold",
    "dissociation": "Dissociation",
    "orientation": "Not oriented",
    "gait": "Gait",
    "vomiting": "Vomiting",
    "fluids": "Fluids",
    "aldrete": "Aldrete",
    "padss": "PADSS",
    "observation-overdue": "Observation overdue",
    "transport-missing": "Nobody named",
    "instructions": "Instructions",
}


def _sentence(reason: Reason, stay: Stay, zone: ZoneInfo) -> tuple[str, str]:
    """The sentence with what was charted, and a note on what is needed; the policy's own where it says it all."""
    rules = stay.rules
    match reason.code:
        case "pressure-hold" | "oxygen-low" | "sedation" | "nausea" | "aldrete" | "padss":
            name, value = {
                "pressure-hold": ("Pressure", _pressure(stay)),
                "oxygen-low": ("Oxygen", f"{_value(stay, 'spo2_percent')} %"),
                "sedation": ("MOAA/S", _value(stay, "moaas")),
                "nausea": ("Nausea", f"{_value(stay, 'nausea_0_10')} of 10"),
                "aldrete": ("Aldrete", f"{_total(stay, 'aldrete')} of 10"),
                "padss": ("PADSS", f"{_total(stay, 'padss')} of 10"),
            }[reason.code]
            latest = stay.chart.latest(_FIELD[reason.code])
            if latest is None:
                return reason.message, ""
            return f"{name} was {value} at {clock(latest[0], zone)}.", reason.message
        case "monitoring-time":
            over = stay.monitored_from + rules.min_monitoring
            return "Observation time is not over.", f"From {clock(stay.monitored_from, zone)} to {clock(over, zone)}."
        case "transport-not-present":
            if stay.row.transport_present:
                return f"{escort_noun(stay)} is here and has not been identified.", ""
            return f"{escort_noun(stay)} is not here yet.", ""
        case _:
            return reason.message, ""


_FIELD = {
    "pressure-hold": "pressure",
    "oxygen-low": "spo2_percent",
    "sedation": "moaas",
    "nausea": "nausea_0_10",
    "aldrete": "aldrete",
    "padss": "padss",
}


def _value(stay: Stay, name: str) -> Any:
    latest = stay.chart.latest(name)
    return "" if latest is None else latest[1]


def _total(stay: Stay, name: str) -> Any:
    latest = stay.chart.latest(name)
    return "" if latest is None else latest[1].total


def _pressure(stay: Stay) -> str:
    latest = stay.chart.latest("pressure")
    return "" if latest is None else f"{latest[1].systolic_mmhg}/{latest[1].diastolic_mmhg}"
