"""Desks in a real browser, at houses that were started as a user starts them.

Both houses' clocks stand; a test that moves one, or changes what others count on, takes a house of its own.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.running import RunningHouse
from tests.support.away import without_discharge
from tests.support.browser import Screen
from tests.support.full_day import full_day
from tests.support.lone_patients import lone_patients
from tests.support.morning import MORNING, Resume

Desk = Callable[..., Screen]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def morning(a_morning: Resume, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """Three sites, mid-morning; tests may read it, and act on it where no other test looks."""
    house = a_morning(tmp_path_factory.mktemp("browser-morning"))
    yield house
    house.kill()


@pytest.fixture(scope="package")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """Sites and staff, no patients."""
    with an_empty_house(tmp_path_factory.mktemp("browser-empty")) as house:
        yield house


@pytest.fixture(scope="package")
def lone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """One patient a site: released, recovering, an emergency; tests only read it."""
    with lone_patients(tmp_path_factory.mktemp("browser-lone")) as house:
        yield house


@pytest.fixture(scope="package")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """Discharge has lost its database; tests only look."""
    with without_discharge(tmp_path_factory.mktemp("browser-away")) as house:
        yield house


@pytest.fixture(scope="package", name="full-day")
def a_full_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A day of every kind of row, smaller than the one that pictures and measures take; tests only look."""
    with full_day(tmp_path_factory.mktemp("browser-full-day"), part=12) as house:
        yield house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[RunningHouse]:
    """An empty house of the test's own. Ask for it before `desk`: it then ends after the desks did."""
    with an_empty_house(tmp_path) as house:
        yield house


def an_empty_house(folder: Path) -> RunningHouse:
    return RunningHouse(folder / "data", "--empty", "--at", MORNING.isoformat(), "--speed", "0")


@pytest.fixture(scope="package")
def signed_in(browser: Browser) -> Callable[[RunningHouse, str, str], list[Any]]:
    """The cookies of a sign-in, made once a house, role and site."""
    known: dict[tuple[str, str, str], list[Any]] = {}

    def cookies(house: RunningHouse, role: str, site_id: str) -> list[Any]:
        key = (house.origin, role, site_id)
        if key not in known:
            with Screen(browser, house.origin) as screen:
                screen.signs_in(role, site_id)
                known[key] = screen.context.cookies()
        return known[key]

    return cookies


@pytest.fixture
def desk(browser: Browser, morning: RunningHouse, signed_in: Any) -> Iterator[Desk]:
    """`desk(role, site_id, house=…, width=…)`: somebody signed in at a browser of their own, whose page may not
    complain; of the morning's house unless another is named."""
    with ExitStack() as screens:

        def sit(role: str, site_id: str = "riverside", *, house: RunningHouse | None = None, **how: Any) -> Screen:
            where = house or morning
            cookies = signed_in(where, role, site_id)
            return screens.enter_context(Screen(browser, where.origin, cookies=cookies, **how))

        yield sit


@pytest.fixture
def stranger(browser: Browser, morning: RunningHouse) -> Iterator[Screen]:
    """Somebody who isn't signed in, at the morning's house."""
    with Screen(browser, morning.origin) as screen:
        yield screen
