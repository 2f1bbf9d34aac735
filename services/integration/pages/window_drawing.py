"""A window as a drawing: everything at its place in percent of the width, so that text keeps its size. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from services.integration.domain.journal import Practice
from services.integration.domain.policies.prompts import PromptRules
from services.integration.domain.prompts import PromptKind, PromptState
from services.integration.domain.window import WindowPosition
from services.integration.store.tables import PromptRow, WindowRow
from shared.web.pages.words import clock, day, moment

PROMPTS = {
    PromptKind.NOW: "what is here now?",
    PromptKind.THEMES: "themes",
    PromptKind.STEP: "one step",
    PromptKind.DID_IT_HAPPEN: "did it happen?",
}
PROMPT_STATES = {
    PromptState.PLANNED: "planned",
    PromptState.SENT: "sent",
    PromptState.MISSED: "missed",
    PromptState.WITHDRAWN: "withdrawn",
}
PRACTICES = {
    Practice.JOURNAL: "Journal",
    Practice.WORDS_FAIL_ME: "Journal, “words fail me”",
    Practice.MINDFULNESS: "Mindfulness",
    Practice.MEDITATION: "Meditation",
    Practice.ART: "Art",
    Practice.KAP_REFLECTION: "Reflection on psychotherapy",
}
POSITIONS = {
    WindowPosition.EARLY: "early, before the window",
    WindowPosition.IN_WINDOW: "in the window",
    WindowPosition.LATE: "late, after the window",
}
_BEFORE = timedelta(hours=5)
_AFTER = timedelta(hours=10)
# labels nearer than this, in percent of the width, would stand on one another
_WIDE_GAP = 16.0
_NARROW_GAP = 15.0


@dataclass(frozen=True, slots=True)
class Mark:
    """`at` in percent; `label` and `words` are empty where there is no room. `kind` is a class of the drawing."""

    at: float
    kind: str
    label: str = ""
    words: str = ""
    roomy: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """`now` is None when it lies outside. `sentence` says the whole drawing."""

    ended: float
    opens: Mark
    closes: Mark
    window: Span
    quiet: tuple[Span, ...]
    days: tuple[Mark, ...]
    midnights: tuple[float, ...]
    prompts: tuple[Mark, ...]
    journals: tuple[float, ...]
    talks: tuple[Mark, ...]
    now: float | None
    sentence: str


def draw_window(
    row: WindowRow,
    prompts: Sequence[PromptRow],
    *,
    journals: Iterable[datetime],
    talks: Iterable[datetime],
    rules: PromptRules,
    now: datetime,
) -> Drawing:
    """`talks` are psychotherapy appointments that the reader may see; times stand in the patient's zone."""
    zone = ZoneInfo(row.time_zone)
    axis = _Axis(row.administration_ended_at - _BEFORE, row.closes_at + _AFTER)
    opens, closes = axis.place(row.opens_at), axis.place(row.closes_at)
    kept = [at for at in journals if axis.holds(at)]
    booked = [at for at in talks if axis.holds(at)]
    return Drawing(
        ended=axis.place(row.administration_ended_at),
        opens=Mark(opens, "opens", _short(row.opens_at, zone)),
        closes=Mark(closes, "closes", _short(row.closes_at, zone)),
        window=Span(opens, round(closes - opens, 2)),
        quiet=tuple(axis.spans(_quiet_hours(axis, zone, rules))),
        days=tuple(_days(axis, zone)),
        midnights=tuple(axis.place(at) for at in _midnights(axis, zone)),
        prompts=_prompts(prompts, axis, zone),
        journals=tuple(axis.place(at) for at in kept),
        talks=tuple(Mark(axis.place(at), "talk", clock(at, zone)) for at in booked),
        now=axis.place(now) if axis.holds(now) else None,
        sentence=_sentence(row, prompts, len(kept), booked, zone, now),
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    start: datetime
    end: datetime

    def holds(self, instant: datetime) -> bool:
        return self.start <= instant <= self.end

    def place(self, instant: datetime) -> float:
        return round((instant - self.start) / (self.end - self.start) * 100, 2)

    def spans(self, hours: Iterable[tuple[datetime, datetime]]) -> Iterator[Span]:
        for start, end in hours:
            first, last = max(start, self.start), min(end, self.end)
            if first < last:
                yield Span(self.place(first), round(self.place(last) - self.place(first), 2))


def _local(day_of: datetime, at: time, zone: ZoneInfo) -> datetime:
    # through UTC, so that an hour that a clock lives twice or not at all keeps its length
    return datetime.combine(day_of.date(), at, zone).astimezone(UTC)


def _each_day(axis: _Axis, zone: ZoneInfo) -> Iterator[datetime]:
    found = axis.start.astimezone(zone) - timedelta(days=1)
    while found <= axis.end.astimezone(zone) + timedelta(days=1):
        yield found
        found += timedelta(days=1)


def _quiet_hours(axis: _Axis, zone: ZoneInfo, rules: PromptRules) -> Iterator[tuple[datetime, datetime]]:
    for found in _each_day(axis, zone):
        morning = found + timedelta(days=1)
        yield _local(found, rules.allowed_until, zone), _local(morning, rules.allowed_from, zone)


def _midnights(axis: _Axis, zone: ZoneInfo) -> list[datetime]:
    return [at for found in _each_day(axis, zone) if axis.holds(at := _local(found, time(0), zone))]


def _days(axis: _Axis, zone: ZoneInfo) -> Iterator[Mark]:
    edges = [axis.start, *_midnights(axis, zone), axis.end]
    for first, last in pairwise(edges):
        middle, room = first + (last - first) / 2, axis.place(last) - axis.place(first)
        if room >= _NARROW_GAP:
            local = middle.astimezone(zone)
            yield Mark(axis.place(middle), "day", f"{local:%a} {local.day}")


def _prompts(rows: Sequence[PromptRow], axis: _Axis, zone: ZoneInfo) -> tuple[Mark, ...]:
    found: list[Mark] = []
    for row in rows:
        at = axis.place(row.sent_at or row.due_at)
        # a prompt sent after a long pause may lie beyond the drawing
        if not 0 <= at <= 100:
            continue
        near = found and at - found[-1].at < _WIDE_GAP
        found.append(
            Mark(
                at,
                row.state.value,
                "" if found and at - found[-1].at < _NARROW_GAP / 2 else clock(row.sent_at or row.due_at, zone),
                "" if near else PROMPTS[row.kind],
                roomy=not (found and at - found[-1].at < _NARROW_GAP),
            )
        )
    return tuple(found)


def _short(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{local:%a %H:%M}"


def _sentence(
    row: WindowRow,
    prompts: Iterable[PromptRow],
    journals: int,
    talks: Sequence[datetime],
    zone: ZoneInfo,
    now: datetime,
) -> str:
    asked = "; ".join(
        f"{PROMPTS[p.kind].rstrip('?')} {day(p.sent_at or p.due_at, zone)} {clock(p.sent_at or p.due_at, zone)}, "
        f"{PROMPT_STATES[p.state]}"
        for p in prompts
    )
    words = f"Window from {moment(row.opens_at, zone, now)} to {moment(row.closes_at, zone, now)}. Prompts: {asked}. "
    words += f"Journals: {journals}."
    return words + "".join(f" Psychotherapy {moment(at, zone, now)}." for at in talks)
