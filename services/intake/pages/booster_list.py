"""The five most overdue boosters, for the side of Today."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app

from services.intake.deps import Deps
from services.intake.domain.calls import Standing
from services.intake.pages.booster_words import contact_words, overdue_words
from services.intake.use_cases.show_boosters import BoosterLine, show_boosters, today_at
from shared.store.unit_of_work import UnitOfWork
from shared.web.pages.words import day

_MOST = 5


@dataclass(frozen=True, slots=True)
class Overdue:
    """`words`: since when, and what happened last."""

    booster_id: UUID
    patient_id: UUID
    name: str
    edge: str
    overdue: str
    words: str
    held: bool


@dataclass(frozen=True, slots=True)
class MostOverdue:
    """`total`: how many stand on the whole list; `asked`: those of them who wait for a colleague's word."""

    rows: tuple[Overdue, ...]
    total: int
    asked: int


def most_overdue(uow: UnitOfWork, site_id: str, now: datetime) -> MostOverdue:
    """At most five cycles of the site past their due day that aren't snoozed, the most overdue first; those on hold
    stand among them, since somebody is with the patient. For intake/most_overdue.html, as `overdue`."""
    deps: Deps = current_app.deps  # type: ignore[attr-defined]
    zone, today = deps.sites[site_id].zone, today_at(deps.sites, site_id, now)
    lines = show_boosters(uow, site_id, sites=deps.sites, rules=deps.rules, now=now)
    late = [line for line in lines if line.days_overdue > 0 and line.standing is not Standing.SNOOZED]
    rows = (_overdue(line, zone, today, stop_after=deps.rules.urgency.month_days) for line in late[:_MOST])
    asked = sum(line.standing is Standing.WITH_COLLEAGUE for line in lines)
    return MostOverdue(tuple(rows), len(lines), asked)


def edge_of(days_overdue: int, *, stop_after: int) -> str:
    if days_overdue > stop_after:
        return "stop"
    return "warn" if days_overdue > 0 else ""


def _overdue(line: BoosterLine, zone: ZoneInfo, today: date, *, stop_after: int) -> Overdue:
    held, last = line.standing is Standing.HELD, line.contact.last
    due, overdue = day(line.row.due_on).partition(" ")[2], overdue_words(line.days_overdue)
    happened = "Clinician in contact" if held else contact_words(line, zone, today)
    since = f"Due {due}, {overdue}" if held else f"Due {due}"
    return Overdue(
        booster_id=line.row.booster_id,
        patient_id=line.row.patient_id,
        name=f"{line.patient.given_name} {line.patient.family_name}" if line.patient else "Not registered here",
        edge="" if held else edge_of(line.days_overdue, stop_after=stop_after),
        overdue=overdue,
        words=f"{since} · {happened}" + (f", {day(last.made_at, zone)}" if last and not held else ""),
        held=held,
    )
