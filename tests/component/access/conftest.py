"""One scene for all walks: nothing a refused caller does may change it, and the tests say so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.house import House
from tests.support.scene import Scene


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("walk")
    house = House(folder)
    yield Scene.build(house)
    house.close()
