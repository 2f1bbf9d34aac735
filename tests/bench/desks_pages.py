"""A board's page against what it can't do without: its own statements, and the rendering of its own templates.

Rows are drawn once and kept (shared/web/pages/rows.py), charts are read once (services/discharge/store/charts.py); the
bare thing reads and draws all of them, and so does a page to which all of them are new: the first one opened after a
minute in which everything changed and nobody looked.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from jinja2 import Template
from sqlalchemy import Engine, event

from services.discharge.store.charts import _place
from shared.web.pages.rows import row_html
from tests.bench.recoveries import seconds_of
from tests.support.desk import Desk
from tests.support.house import House

BOARDS = (("nurse", "/discharge/recovery"), ("front_desk", "/intake/today"))
_ROUNDS = 60


@dataclass
class _Needed:
    """What one request asked of the store and of the templates."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    renders: list[tuple[Template, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: the page's median and p95, its p95 when all its rows are drawn anew, and the bare thing's p95."""

    typical: float
    p95: float
    anew_p95: float
    bare_p95: float


def page_times(houses: list[House]) -> dict[str, list[Times]]:
    """Path → what it takes in each of the houses, which take turns, each with its bare thing."""
    return {path: _take_turns([_opener(house, role, path) for house in houses]) for role, path in BOARDS}


def _take_turns(openers: list[tuple[Callable[[], object], Callable[[], None]]]) -> list[Times]:
    ours: list[list[float]] = [[] for _ in openers]
    anew: list[list[float]] = [[] for _ in openers]
    floor: list[list[float]] = [[] for _ in openers]
    for _ in range(_ROUNDS):
        for at, (opens, bare) in enumerate(openers):
            floor[at].append(seconds_of(bare))
            _forget()
            anew[at].append(seconds_of(opens))
            ours[at].append(seconds_of(opens))
    return [Times(statistics.median(o), *map(_p95, (o, a, f))) for o, a, f in zip(ours, anew, floor, strict=True)]


def _opener(house: House, role: str, path: str) -> tuple[Callable[[], object], Callable[[], None]]:
    service = path.split("/")[1]
    desk, engine = Desk(house, service, role=role), house.service(service).deps.engine
    opens = partial(desk.opens, path)
    for _ in range(3):
        opens()
    return opens, _bare(engine, opens)


def _forget() -> None:
    row_html.cache_clear()
    _place.cache_clear()


def _bare(engine: Engine, request: Callable[[], object]) -> Callable[[], None]:
    _forget()
    needed = _watched(engine, request)
    reads = [(text, values) for text, values in needed.statements if text.lstrip().upper().startswith("SELECT")]

    def bare() -> None:
        with engine.connect().execution_options(afterglow_read_only=True) as connection:
            for text, values in reads:
                connection.exec_driver_sql(text, values).fetchall()
        for template, args, shown in needed.renders:
            _render(template, *args, **shown)

    return bare


_render = Template.render


def _watched(engine: Engine, request: Callable[[], object]) -> _Needed:
    needed = _Needed()

    def executed(connection: Any, cursor: Any, text: str, values: Any, context: Any, many: bool) -> None:
        needed.statements.append((text, values))

    def render(template: Template, *args: Any, **shown: Any) -> str:
        needed.renders.append((template, args, shown))
        return _render(template, *args, **shown)

    event.listen(engine, "before_cursor_execute", executed)
    Template.render = render  # type: ignore[method-assign]
    try:
        request()
    finally:
        Template.render = _render  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", executed)
    return needed


def _p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]
