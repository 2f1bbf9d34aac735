"""Today's board of a site: who comes, who can't start, who is in a chair."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from services.intake.domain.policies.board import ChairNow, Light, Obstacle, Waiting, light_of, obstacles_of
from services.intake.domain.rules import IntakeRules
from services.intake.domain.sessions import BEFORE_DOSE, DOSED_STATES, SessionKind
from services.intake.domain.transport import Transport
from services.intake.store import boosters, courses, today
from services.intake.store.charting import transport_of
from services.intake.use_cases.announce import chair_name
from shared.kernel.sites import Site, Sites
from shared.store.unit_of_work import UnitOfWork

_Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class BoardLine:
    """`row` has the columns of store/today.py; `number` is the session's place among its kind, also before its dose.

    `light` and `light_reason` are None for a session that was cancelled or missed.
    """

    row: _Line
    chair_name: str
    number: int | None
    transport: Transport | None
    light: Light | None
    light_reason: str | None
    in_the_way: tuple[Obstacle, ...]


def show_today(
    uow: UnitOfWork, site_id: str, *, sites: Sites, rules: IntakeRules, now: datetime
) -> Iterator[BoardLine]:
    """The site's local day, by booked start, and whoever is in the house from before. Five reads a site."""
    site: Site = sites[site_id]
    lines = today.lines_of_day(uow.session, site_id, *site.day_bounds(site.local_day(now)))
    waiting = [line for line in lines if line.state in BEFORE_DOSE]
    numbers = _numbers_ahead(uow, {line.course_id for line in waiting})
    words = boosters.words_of(uow.session, {line.patient_id for line in waiting})
    chairs = today.in_chairs(uow.session, site_id)
    for line in lines:
        name = chair_name(sites, site_id, line.chair_id)
        transport = transport_of(line)
        light, reason = _light(line, transport, rules, now=now)
        occupied = bool(chairs.get(line.chair_id, set()) - {line.session_id})
        judged = Waiting(
            state=line.state,
            kind=line.kind,
            starts_at=line.starts_at,
            transport=transport,
            booster=words.get(line.patient_id),
            chair=ChairNow.OCCUPIED if occupied else ChairNow.FREE,
            chair_name=name,
        )
        yield BoardLine(
            row=line,
            chair_name=name,
            number=line.number or numbers.get(line.session_id),
            transport=transport,
            light=light,
            light_reason=reason,
            in_the_way=obstacles_of(judged, rules.transport, now=now),
        )


def _light(
    line: _Line, transport: Transport | None, rules: IntakeRules, *, now: datetime
) -> tuple[Light | None, str | None]:
    if line.state not in (*BEFORE_DOSE, *DOSED_STATES):
        return None, None
    # once started, the light is what it was then: discharge has its own transport from the dose on
    return light_of(transport, rules.transport, starts_at=line.starts_at, now=line.started_at or now)


def _numbers_ahead(uow: UnitOfWork, course_ids: set[UUID]) -> dict[UUID, int]:
    """The place that each session still to be dosed will have among its course's sessions of its kind."""
    counts: dict[tuple[UUID, SessionKind], int] = courses.completed_counts(uow.session, course_ids)
    found: dict[UUID, int] = {}
    for course_id, session_id, kind in courses.ahead(uow.session, course_ids):
        counts[course_id, kind] = counts.get((course_id, kind), 0) + 1
        found[session_id] = counts[course_id, kind]
    return found
