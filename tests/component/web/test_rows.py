"""Rows are drawn once and kept: never for longer than they are true, and never for another reader's eyes."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from jinja2 import Template, meta

from services.discharge.pages.board_rows import Face
from services.discharge.pages.leaving_rows import Leaving
from services.intake.pages.today_rows import TodayRow
from shared.web.pages.rows import row_html
from tests.component.discharge.conftest import Stay
from tests.support.desk import Desk
from tests.support.house import House

RECOVERY = "/discharge/recovery"
# service, template, and what it is given beside its row
_KEPT = [
    ("discharge", "discharge/row.html", {"show", "is_open", "takes_focus"}),
    ("discharge", "discharge/leaving_row.html", {"zone", "marks", "folds"}),
    ("intake", "intake/today_row.html", {"zone", "named", "show"}),
]
# the same for everybody at any time: drawings, and a field whose secret each page puts in
_CONSTANT = {"icon", "csrf_field"}


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    row_html.cache_clear()


@pytest.mark.parametrize(("service", "name", "given"), _KEPT, ids=[name for _, name, _ in _KEPT])
def test_a_kept_row_shows_only_what_it_is_kept_by(house: House, service: str, name: str, given: set[str]) -> None:
    env = house.service(service).app.jinja_env
    assert env.loader is not None
    for part in (name, "parts.html"):
        source = env.loader.get_source(env, part)[0]
        if part == "parts.html":
            source = source[source.index("{% macro chip(") : source.index("{%- endmacro %}") + len("{%- endmacro %}")]
        assert meta.find_undeclared_variables(env.parse(source)) <= {"row"} | given | _CONSTANT, part


def test_another_word_of_a_row_is_another_drawing() -> None:
    """Whatever a face, or a row of the desk's boards, holds: none is left out of what tells it from another."""
    template = Template("{{ row }}")
    kinds: tuple[Any, ...] = (Face, Leaving, TodayRow)
    for kind in kinds:
        row = kind(**{field.name: field.name for field in fields(kind)})
        first = row_html(template, row, show="all")
        assert row_html(template, replace(row), show="all") is first
        for field in fields(kind):
            changed = replace(row, **{field.name: "another"})
            assert row_html(template, changed, show="all") != first, f"{kind.__name__}.{field.name}"
        assert row_html(template, row, show="due") is not first


def test_the_same_row_is_drawn_once_for_all_who_may_see_it(house: House) -> None:
    house.service("discharge")
    Stay(house).begins()
    for role in ("nurse", "nurse", "operations", "operations"):
        Desk(house, "discharge", role=role).opens(RECOVERY)
    assert (row_html.cache_info().misses, row_html.cache_info().hits) == (2, 2)


def test_a_reader_never_gets_the_row_of_one_who_may_see_more(house: House) -> None:
    house.service("discharge")
    stay = Stay(house).begins()
    stay.observe(systolic_mmhg=171)
    stay.is_ready_to_go()
    hidden = ("171", "Robin Vale", str(stay.patient_id))
    for role in ("nurse", "operations", "prescriber", "operations", "nurse"):
        html = Desk(house, "discharge", role=role).opens(RECOVERY).html
        assert [words in html for words in hidden] == [role != "operations"] * 3, role


def test_who_becomes_ready_is_ready_at_that_very_instant(house: House) -> None:
    house.service("discharge")
    stay = Stay(house).begins()
    stay.is_observed_until(0, 20, 40, 60, 90, 119)
    stay.is_ready_to_go()
    nurse, ready_at = Desk(house, "discharge", role="nurse"), stay.at(120)
    for seconds, ready in ((-60, False), (-0.000001, False), (0, True)):
        house.clock.at = ready_at + timedelta(seconds=seconds)
        said = nurse.opens(RECOVERY).words
        assert ("All criteria met" in said, "Ready to leave 1" in said) == (ready, ready), seconds
