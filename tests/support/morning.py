"""The demo's morning, sown once for all tests that only read it or live on from it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from services.console.seed import HISTORY
from tests.e2e.running import RunningHouse

MORNING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
# the clock stands, so that a machine that is busy shows the same morning
_OPTIONS = ("--demo=quiet", "--at", MORNING.isoformat(), "--speed", "0")

Resume = Callable[[Path], RunningHouse]


@pytest.fixture(scope="session")
def sown_morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the whole morning. Its making was killed half way and begun again: that may not matter."""
    house = RunningHouse(tmp_path_factory.mktemp("morning") / "data", *_OPTIONS)
    try:
        house.begin()
        _wait_until_half_way(house)
        assert not house.ready(), "nobody is shown half a morning"
        house.kill()
        begun = monotonic()
        house.start()
        print(f"\nthe second half of the demo took {monotonic() - begun:.1f} s to sow")
    finally:
        house.kill()
    return house.data


@pytest.fixture(scope="session")
def a_morning(sown_morning: Path) -> Iterator[Resume]:
    """Starts a house of its own on a copy of the morning, in the folder it is given."""
    houses: list[RunningHouse] = []

    def resume(folder: Path) -> RunningHouse:
        house = RunningHouse(folder / "data", *_OPTIONS)
        shutil.copytree(sown_morning, house.data)
        houses.append(house)
        house.start()
        return house

    yield resume
    for house in houses:
        house.kill()


def _wait_until_half_way(house: RunningHouse) -> None:
    give_up = monotonic() + 200
    while monotonic() < give_up:
        sleep(0.2)
        try:
            seen = datetime.fromisoformat(httpx.get(f"{house.origin}/demo/clock", timeout=30).json()["now"])
        except httpx.TransportError:
            continue
        if seen > MORNING - HISTORY / 2:
            return
    raise AssertionError("the sowing never came half way")
