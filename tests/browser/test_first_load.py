"""How a board comes: small, without a jump, with nobody else's script in it."""

import pytest

from tests.browser.conftest import Desk
from tests.support.browser import wire_bytes

_MOST_BYTES = 250_000
_BOARDS = [("front_desk", "/intake/today"), ("nurse", "/discharge/recovery")]


@pytest.mark.parametrize(("role", "path"), _BOARDS)
def test_a_board_opened_for_the_first_time_is_small(desk: Desk, role: str, path: str) -> None:
    sizes = wire_bytes(desk(role), path)

    assert sum(sizes.values()) <= _MOST_BYTES, sizes
    print(f"\n{path}: {sum(sizes.values()) / 1000:.0f} kB")
