"""Today's board of a site: who comes, who can't start, who is in a chair."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from services.intake.domain.policies.board import ChairNow, Light, Obstacle, Waiting, light_of, obstacles_of
from services.intake.domain.rules import IntakeRules
from services.intake.domain.sessions import BEFORE_DOSE, DOSED_STATES, IN_A_CHAIR
from services.intake.domain.transport import Transport
from services.intake.store import today
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
    """The site's local day, by booked start, and whoever is in the house. Two reads a site."""
    site: Site = sites[site_id]
    start, end = site.day_bounds(site.local_day(now))
    lines = today.lines_of_day(uow.connection, site_id, start, end)
    words = today.words_of_day(uow.connection, site_id, start, end)
    in_chairs = {line.chair_id: line.session_id for line in lines if line.state in IN_A_CHAIR}
    for line in lines:
        name = chair_name(sites, site_id, line.chair_id)
        transport = transport_of(line)
        light, reason = _light(line, transport, rules, now=now)
        occupied = in_chairs.get(line.chair_id, line.session_id) != line.session_id
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
            number=line.number or (line.place if line.state in BEFORE_DOSE else None),
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
