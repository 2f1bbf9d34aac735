"""Who is in recovery at one site, and what stands against each one's leaving."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from services.discharge.domain.policies.monitoring import monitored_for, monitoring_started_at
from services.discharge.domain.policies.release import decide_release
from services.discharge.domain.policies.release_rules import ReleaseRules
from services.discharge.domain.recovery import Administration, Recovery
from services.discharge.domain.rule_book import RuleBook
from services.discharge.domain.states import LIVE, RecoveryState
from services.discharge.store.board import left_within, times_of_left_within, watched_at
from services.discharge.store.charts import charts_of
from services.discharge.store.tables import RecoveryRow
from services.discharge.use_cases.happened import AHEAD
from shared.kernel.decision import Decision
from shared.kernel.sites import Site
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Stay:
    """One patient's stay: their row, all that is charted, and the criteria unmet at the instant it was drawn for.

    `monitored` counts from `monitored_from`, to leaving for one who has left.
    """

    row: RecoveryRow | Row[Any]
    chart: Recovery
    rules: ReleaseRules
    decision: Decision
    monitored_from: datetime
    monitored: timedelta

    @property
    def is_here(self) -> bool:
        return self.row.state in LIVE

    @property
    def is_escalated(self) -> bool:
        return bool(self.row.open_emergencies) or self.row.state is RecoveryState.HELD

    @property
    def is_ready(self) -> bool:
        return self.is_here and self.decision.met

    @property
    def is_blocked(self) -> bool:
        """Here for as long as must be, and something else still stands against leaving."""
        return self.is_here and self.monitored >= self.rules.min_monitoring and not self.decision.met


def show_board(uow: UnitOfWork, site_id: str, *, book: RuleBook, now: datetime) -> list[Stay]:
    """Everybody here, longest first; and who left against advice while an emergency still waits for a clinician."""
    rows = watched_at(uow.connection, site_id)
    stays = [stay_of(row, chart, book, now) for row, chart in zip(rows, charts_of(uow.session, rows), strict=True)]
    return sorted(stays, key=lambda stay: (stay.monitored_from, stay.row.session_id))


def show_left(uow: UnitOfWork, site: Site, *, day: date) -> list[Row[Any]]:
    """Who left on the site's local `day`, latest first."""
    start, end = site.day_bounds(day)
    return left_within(uow.connection, site.site_id, start, end, ahead=AHEAD)


def stays_of_left(uow: UnitOfWork, site: Site, book: RuleBook, *, day: date) -> list[timedelta]:
    """How long each of those who left on the site's local `day` was watched, latest first."""
    start, end = site.day_bounds(day)
    times = times_of_left_within(uow.connection, site.site_id, start, end, ahead=AHEAD)
    return [_watched_for(row, book) for row in times]


def stay_of(row: RecoveryRow | Row[Any], chart: Recovery, book: RuleBook, now: datetime) -> Stay:
    rules = book.release(row.site_id, row.product)
    until = row.left_at or now
    seen = chart if row.left_at is None else chart.as_of(until)
    monitored_from = monitoring_started_at(row.product, chart.administration, rules)
    return Stay(
        row=row,
        chart=chart,
        rules=rules,
        decision=decide_release(seen, rules, now=until),
        monitored_from=monitored_from,
        monitored=monitored_for(monitored_from, until),
    )


def _watched_for(row: Row[Any], book: RuleBook) -> timedelta:
    administration = Administration(row.administration_started_at, row.administration_ended_at)
    rules = book.release(row.site_id, row.product)
    return monitored_for(monitoring_started_at(row.product, administration, rules), row.left_at)
