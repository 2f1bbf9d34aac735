"""The tiny service, fresh for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tiny_app import Tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Tiny]:
    built = Tiny(tmp_path)
    yield built
    built.close()
