"""A patient's chart as intake tells it: courses as strips, people, and what happened. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.intake.domain.products import Product
from services.intake.domain.sessions import BEFORE_DOSE, ChartStatus, SessionKind, SessionState
from services.intake.domain.transport import Transport
from services.intake.store.charting import administration_of, transport_of
from services.intake.store.tables import ChartChangeRow, CourseRow, SessionRow
from services.intake.use_cases.announce import chair_name
from shared.kernel.sites import Sites
from shared.web.pages.timeline import Happened, newest_first
from shared.web.pages.words import clock, count, moment, span

PRODUCTS = {
    Product.KETAMINE_IV: "Ketamine IV",
    Product.KETAMINE_IM: "Ketamine IM",
    Product.KETAMINE_ORAL: "Ketamine oral",
    Product.ESKETAMINE_NASAL: "Esketamine nasal",
}
_CHANGED = {"administration": "Dose corrected", "session": "Session corrected", "transport": "Way home changed"}
_Counts = Mapping[tuple[UUID, SessionKind], int]


@dataclass(frozen=True, slots=True)
class Strip:
    """A course: squares for its planned sessions, dots for its boosters; `ahead` is one that is booked."""

    product: str
    indication: str
    planned: int
    done: int
    boosters: int
    ahead: datetime | None
    closed: str

    @property
    def words(self) -> str:
        told = f"{self.product} · induction {self.done} of {self.planned}"
        return f"{told} · {count(self.boosters, 'booster')} done" if self.boosters else told


@dataclass(frozen=True, slots=True)
class Chart:
    """`escort` is whoever was named for the latest session. `strips`: the course that is followed comes first."""

    strips: tuple[Strip, ...]
    ahead: tuple[tuple[SessionRow, str], ...]
    escort: Transport | None
    happened: list[Happened]


def chart_of(
    held: Sequence[CourseRow],
    rows: Sequence[SessionRow],
    *,
    counts: _Counts,
    changes: Mapping[UUID, Sequence[ChartChangeRow]],
    sites: Sites,
    zone: ZoneInfo,
    now: datetime,
) -> Chart:
    """`rows` are the sessions that the reader may see, newest first."""
    booked = [row for row in rows if row.state in BEFORE_DOSE]
    entries = [
        Happened(c.opened_at, "route", f"Course opened: {PRODUCTS[c.product]}, {c.planned_sessions} sessions.")
        for c in held
    ]
    for row in rows:
        entries += _session_entries(row, changes.get(row.session_id, ()), held, sites, zone)
    return Chart(
        strips=tuple(_strip(course, booked, counts) for course in sorted(held, key=_newest_open_first)),
        ahead=tuple((row, chair_name(sites, row.site_id, row.chair_id)) for row in reversed(booked)),
        escort=next((known for row in rows if (known := transport_of(row)) is not None), None),
        happened=newest_first(entries),
    )


def stripes_of(held: Iterable[CourseRow]) -> dict[UUID, str]:
    """Each patient's latest course in two words, for a list of patients."""
    return {course.patient_id: PRODUCTS[course.product] for course in sorted(held, key=lambda c: c.opened_at)}


def _newest_open_first(course: CourseRow) -> tuple[int, float]:
    return (1 if course.closed_reason else 0, -course.opened_at.timestamp())


def _strip(course: CourseRow, booked: Iterable[SessionRow], counts: _Counts) -> Strip:
    mine = [row.starts_at for row in booked if row.course_id == course.course_id]
    return Strip(
        product=PRODUCTS[course.product],
        indication=course.indication or "no indication",
        planned=course.planned_sessions,
        done=counts.get((course.course_id, SessionKind.INDUCTION), 0),
        boosters=counts.get((course.course_id, SessionKind.BOOSTER), 0),
        ahead=min(mine, default=None),
        closed=course.closed_reason or "",
    )


def _session_entries(
    row: SessionRow, changes: Iterable[ChartChangeRow], held: Sequence[CourseRow], sites: Sites, zone: ZoneInfo
) -> list[Happened]:
    name = "Booster" if row.kind is SessionKind.BOOSTER else "Induction session"
    name = f"{name} {row.number}" if row.number else name
    chair = chair_name(sites, row.site_id, row.chair_id)
    found = []
    if row.state is SessionState.BOOKED:
        found.append(
            Happened(
                row.booked_at,
                "calendar-plus",
                f"{name} booked for {moment(row.starts_at, zone, row.booked_at)}.",
                f"Chair {chair}.",
            )
        )
    if row.arrived_at is not None:
        found.append(Happened(row.arrived_at, "door-enter", "Checked in.", _escort_words(row, zone)))
    administration = administration_of(row)
    if administration is not None:
        product = next((PRODUCTS[c.product] for c in held if c.course_id == row.course_id), "ketamine")
        lasted = administration.ended_at - administration.started_at
        over = f" over {span(lasted)}" if lasted else ""
        found.append(
            Happened(
                administration.ended_at,
                "needle",
                f"{name} ended, {product} {administration.dose_mg:g} mg{over}, chair {chair}.",
                f"Lot {administration.lot}."
                + (" Entered in error." if row.status is ChartStatus.ENTERED_IN_ERROR else ""),
            )
        )
    if row.state in {SessionState.CANCELLED, SessionState.NO_SHOW}:
        words = "was cancelled" if row.state is SessionState.CANCELLED else "was missed: did not come"
        found.append(
            Happened(
                row.updated_at,
                "x",
                f"{name} of {moment(row.starts_at, zone, row.updated_at)} {words}.",
                row.ended_reason or "",
            )
        )
    found += [_change_entry(change) for change in changes]
    return found


def _escort_words(row: SessionRow, zone: ZoneInfo) -> str:
    known = transport_of(row)
    if known is None:
        return ""
    return (
        f"{known.name} confirmed at {clock(known.confirmed_at, zone)}."
        if known.confirmed_at
        else f"{known.name} named, not confirmed."
    )


def _change_entry(change: ChartChangeRow) -> Happened:
    parts = [
        f"{name.replace('_', ' ')} {_plain(change.new.get(name))}, was {_plain(change.old.get(name))}"
        for name in change.new
    ]
    head = _CHANGED.get(change.what, f"{change.what.capitalize()} changed")
    return Happened(change.changed_at, "pencil", f"{head}: {'; '.join(parts)}.", change.reason or "")


def _plain(value: object) -> str:
    if value is None:
        return "empty"
    return str(value).replace("T", " ").replace("Z", " UTC")
