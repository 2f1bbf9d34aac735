"""Pressure since the dose as lines: where each thing stands in an SVG of real pixels. Pure; the template draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.discharge.domain.observation import Pressure
from services.discharge.use_cases.show_board import Stay

_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 14, 22, 24
_HEIGHT = 216
WIDE, NARROW = 320, 248
_ROOM = 8


@dataclass(frozen=True, slots=True)
class Mark:
    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    high: bool


@dataclass(frozen=True, slots=True)
class PressureChart:
    """Pixels from the top left. `lines` are systolic, then diastolic, as polyline points."""

    width: int
    height: int
    left: int
    right: float
    top: int
    bottom: float
    hold_y: float
    hold_words: str
    base_systolic_y: float
    base_diastolic_y: float
    base_words: str
    now_x: float
    ticks_x: tuple[Mark, ...]
    ticks_y: tuple[Mark, ...]
    lines: tuple[str, str]
    dots: tuple[Dot, ...]
    alternative: str


def pressure_chart(stay: Stay, *, width: int, until: datetime) -> PressureChart:
    """`until` is now, or leaving for one who has left."""
    readings = sorted((at, pressure) for at, pressure in _readings(stay))
    base, hold = stay.chart.baseline.pressure, stay.rules.hold_above
    values = [v for _, (s, d) in readings for v in (s, d)] + [base.systolic_mmhg, base.diastolic_mmhg]
    low = min(*values, 70) - _ROOM
    high = max(*values, hold.systolic_mmhg + 20) + _ROOM
    length = max(until - stay.monitored_from, stay.rules.min_monitoring)
    first = min([timedelta(), *(at - stay.monitored_from for at, _ in readings)])
    right, bottom = width - _RIGHT, _HEIGHT - _BOTTOM

    def x(offset: timedelta) -> float:
        return round(_LEFT + (right - _LEFT) * ((offset - first) / (length - first)), 1)

    def y(mmhg: float) -> float:
        return round(_TOP + (bottom - _TOP) * (high - mmhg) / (high - low), 1)

    placed = [(x(at - stay.monitored_from), y(s), y(d), s, d) for at, (s, d) in readings]
    return PressureChart(
        width=width,
        height=_HEIGHT,
        left=_LEFT,
        right=right,
        top=_TOP,
        bottom=bottom,
        hold_y=y(hold.systolic_mmhg),
        hold_words=f"hold above {hold.systolic_mmhg}/{hold.diastolic_mmhg}",
        base_systolic_y=y(base.systolic_mmhg),
        base_diastolic_y=y(base.diastolic_mmhg),
        base_words=f"baseline {base.systolic_mmhg}/{base.diastolic_mmhg}",
        now_x=x(until - stay.monitored_from),
        ticks_x=_ticks(length, x, x(until - stay.monitored_from), width),
        ticks_y=tuple(Mark(y(value), str(value)) for value in range(40, int(high), 40) if value > low),
        lines=(
            " ".join(f"{px},{sy}" for px, sy, _, _, _ in placed),
            " ".join(f"{px},{dy}" for px, _, dy, _, _ in placed),
        ),
        dots=tuple(
            dot
            for px, sy, dy, s, d in placed
            for dot in (Dot(px, sy, s > hold.systolic_mmhg), Dot(px, dy, d > hold.diastolic_mmhg))
        ),
        alternative=_alternative(readings, stay),
    )


def _readings(stay: Stay) -> list[tuple[datetime, tuple[int, int]]]:
    return [(at, (pressure.systolic_mmhg, pressure.diastolic_mmhg)) for at, pressure in stay.chart.readings()]


def _ticks(length: timedelta, x: object, now_x: float, width: int) -> tuple[Mark, ...]:
    """Every 20, 40, 60 … minutes, as many as have room; none under the word "now"."""
    minutes = int(length.total_seconds() // 60)
    room = 5 if width < WIDE else 7
    step = next(step for step in (20, 40, 60, 120, 240, 480, 960, 10**6) if minutes // step < room)
    marks = [Mark(x(timedelta(minutes=at)), str(at)) for at in range(0, minutes + 1, step)]  # type: ignore[operator]
    return tuple(mark for mark in marks if abs(mark.at - now_x) > 26)


def _alternative(readings: Sequence[tuple[datetime, tuple[int, int]]], stay: Stay) -> str:
    base, hold = stay.chart.baseline.pressure, stay.rules.hold_above
    tail = f"Baseline {_words(base)}; hold above {_words(hold)}."
    if not readings:
        return f"No pressure measured since the dose. {tail}"
    told = [f"{s}/{d} at {int((at - stay.monitored_from).total_seconds() // 60)} min" for at, (s, d) in readings]
    return f"Pressure since the dose, in mmHg: {', '.join(told)}. {tail}"


def _words(pressure: Pressure) -> str:
    return f"{pressure.systolic_mmhg}/{pressure.diastolic_mmhg}"
