"""How a board comes: small, without a jump, with nobody else's script in it."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Desk
from tests.support.browser import wire_bytes

_MOST_BYTES = 250_000
_BOARDS = [("front_desk", "/intake/today"), ("nurse", "/discharge/recovery")]


@pytest.mark.parametrize(("role", "path"), _BOARDS)
def test_a_board_opened_for_the_first_time_is_small(desk: Desk, role: str, path: str) -> None:
    sizes = wire_bytes(desk(role), path)

    assert sum(sizes.values()) <= _MOST_BYTES, sizes
    print(f"\n{path}: {sum(sizes.values()) / 1000:.0f} kB")


@pytest.mark.parametrize("width", [1440, 820, 320])
def test_who_leaves_comes_after_the_board_and_moves_nothing(desk: Desk, width: int) -> None:
    held = list[Route]()
    screen = desk("front_desk", width=width)
    page = screen.page
    page.route("**/discharge/leaving", lambda route: held.append(route))
    screen.opens("/intake/today")
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    where = (
        """[...document.querySelectorAll("#most-overdue, .board tr")].map((each) => each.getBoundingClientRect().y)"""
    )
    before = page.evaluate(where)

    held[0].continue_()

    expect(page.locator("#leaving-soon .leaving-one").first).to_be_attached()
    page.wait_for_timeout(500)
    assert len(before) > 10
    assert page.evaluate(where) == before


def test_a_board_that_is_told_what_it_says_already_stays_as_it_is(desk: Desk) -> None:
    """Each line begins with the whole board: a hundred rows that would be drawn again for nothing."""
    held = list[Route]()
    screen = desk("front_desk")
    page = screen.page
    page.route("**/intake/today/live*", lambda route: held.append(route))
    screen.opens("/intake/today")
    expect(page.locator("#leaving-soon .leaving-one").first).to_be_visible()
    page.wait_for_timeout(1_000)
    page.evaluate("""() => {
      for (const cell of document.querySelectorAll(".board td")) cell.isTheSame = true;
      document.addEventListener("afterglow:parts", () => document.body.classList.add("told"));
    }""")

    held[0].continue_(url=f"{screen.origin}/intake/today/live?show=all&after=")

    expect(page.locator("body.told")).to_be_attached(timeout=15_000)
    assert page.evaluate("""[...document.querySelectorAll(".board td")].every((cell) => cell.isTheSame)""")
