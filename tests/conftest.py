"""Fixtures that every test may use."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.house import House

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["tests.support.needs", "tests.support.morning"]

# properties are about care, not speed: a busy machine must not make one fail
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One for the whole session: playwright's event loop stays in this thread, and there can't be a second one."""
    from tests.support.browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()
