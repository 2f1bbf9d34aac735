"""Pages that everybody can read and work: axe finds nothing, and nothing has to be scrolled sideways."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Desk
from tests.e2e.running import RunningHouse
from tests.support.browser import Screen
from tests.support.views import OF_A_FULL_DAY, STALE, VIEWS, People, View, come_to, settled

_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# 1280 pixels at 400 % zoom are 320 by 256
_ZOOMED = (320, 256)
_BETWEEN = (1180, 800)
_WIDEST = 1440
_EVERYTHING: dict[str, Any] = {"runOnly": _WCAG}
_BUT_CONTRAST = _EVERYTHING | {"rules": {"color-contrast": {"enabled": False}}}
_CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
_SIZES = ((1440, 900), _BETWEEN, (820, 1180), (320, 640), _ZOOMED)


@pytest.mark.parametrize("view", [*VIEWS, *OF_A_FULL_DAY], ids=str)
def test_everybody_can_use_a_page_at_any_width_by_day_and_by_night(
    desk: Desk, stranger: Screen, request: pytest.FixtureRequest, view: View
) -> None:
    where: RunningHouse = request.getfixturevalue(view.house)
    screen = desk(view.role, view.site, house=where) if view.role else stranger
    page = come_to(view, screen, People(where, view.site) if "{" in view.path else None)

    found = _judged(page)

    assert not found, "\n".join(dict.fromkeys(found))


def test_everybody_can_use_a_board_whose_line_is_lost(desk: Desk) -> None:
    """All of them at once: each takes seconds to find that nobody answers."""
    pages = {}
    for view in STALE:
        screen = desk(view.role)
        screen.loses_its_line()
        screen.page.route(f"**{view.path}/live?**", lambda route: route.abort())
        pages[view.name] = screen.opens(view.path)
    found = []
    for name, page in pages.items():
        page.locator("#live.stale").wait_for(timeout=40_000)
        found += [f"{name}: {what}" for what in _judged(page)]

    assert not found, "\n".join(dict.fromkeys(found))


def test_a_phones_first_screen_shows_the_first_obstacle_of_the_day(desk: Desk) -> None:
    page = desk("front_desk", width=320, height=640).opens("/intake/today")
    settled(page)
    box = page.locator("table.today tr.stop td.why").first.bounding_box()

    assert box is not None
    assert box["y"] + box["height"] <= 640


@pytest.mark.parametrize("width", [1440, 820])
@pytest.mark.parametrize(("role", "path"), [("front_desk", "/intake/today"), ("nurse", "/discharge/recovery")])
def test_in_forced_colours_the_edge_of_a_row_still_says_which_it_is(
    desk: Desk, role: str, path: str, width: int
) -> None:
    page = _in_forced_colours(desk(role, width=width), path)
    row = page.locator(f"#{page.locator('table.board tr.stop[data-part]').first.get_attribute('id')}")
    row.scroll_into_view_if_needed()
    box = row.bounding_box()
    assert box is not None
    edges = set()
    for state in ("stop", "warn", "ok", ""):
        row.evaluate(
            "(row, state) => { row.classList.remove('stop', 'warn', 'ok'); if (state) row.classList.add(state); }",
            state,
        )
        edges.add(page.screenshot(clip={"x": box["x"], "y": box["y"] + 1, "width": 8, "height": box["height"] - 2}))

    assert len(edges) == 4


@pytest.mark.parametrize("value", ["3", ""])
def test_in_forced_colours_the_chosen_answer_still_shows(desk: Desk, morning: RunningHouse, value: str) -> None:
    path = People(morning).path("/discharge/recovery?open={session of Daniel Ruiz}")
    page = _in_forced_colours(desk("nurse"), path)
    answer = page.locator(f"input[name=moaas][value='{value}'] + span")
    pictures = set()
    for chosen in (value, "5"):
        page.eval_on_selector(f"input[name=moaas][value='{chosen}']", "radio => { radio.checked = true; }")
        pictures.add(answer.screenshot())

    assert len(pictures) == 2


def _in_forced_colours(screen: Screen, path: str) -> Page:
    screen.page.emulate_media(forced_colors="active")
    page = screen.opens(path)
    settled(page)
    return page


def _judged(page: Page) -> list[str]:
    """What axe finds, and what is wider than the screen. Contrast is most of axe's time and hangs on colours, not on
    width: it is looked at by day once, by night at both ends."""
    page.evaluate(_AXE)
    found: list[str] = []
    for width, height in _SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found += _sideways(page, width)
        if (width, height) not in {_ZOOMED, _BETWEEN}:
            found += _axe(page, _EVERYTHING if width == _WIDEST else _BUT_CONTRAST, f"{width} px")
    page.emulate_media(color_scheme="dark")
    for width in (320, _WIDEST):
        page.set_viewport_size({"width": width, "height": 900})
        found += _axe(page, _CONTRAST, f"{width} px, dark")
    return found


def _axe(page: Page, options: dict[str, Any], at: str) -> list[str]:
    done = page.evaluate("options => axe.run(document, {...options, resultTypes: ['violations']})", options)
    return [
        f"{at}: {broken['id']}: {broken['help']}: "
        + "; ".join(f"{' '.join(map(str, node['target']))} ({_why(node)})" for node in broken["nodes"][:4])
        for broken in done["violations"]
    ]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))[:300]


def _sideways(page: Page, width: int) -> list[str]:
    too_wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => one.tagName + "." + one.className + "#" + one.id).slice(0, 6)"""
    )
    return [f"{width} px: wider than the screen: {', '.join(too_wide)}"] if too_wide else []
