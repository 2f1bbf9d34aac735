"""How a board feels in Chromium: first paint, layout shift, longest task, by the browser's own performance entries."""

import shutil

import httpx
from playwright.sync_api import Page

from tests.bench.desks_trace import longest_task
from tests.support.browser import Screen, chromium

_UPDATES = 6
_LONGEST_SINCE = "Math.max(0, ...felt.longTasks.filter((t) => t.at > window.updatesFrom).map((t) => t.ms))"


def felt(origin: str) -> list[tuple[str, ...]]:
    if shutil.which("chromium") is None:
        return [("Chromium isn't here", *[""] * 7)]
    rows = []
    with chromium() as browser:
        for role, path in (("nurse", "/discharge/recovery"), ("front_desk", "/intake/today")):
            with Screen(browser, origin) as screen:
                screen.signs_in(role, "riverside")
                page = screen.page
                loading = longest_task(browser, page, origin, lambda: _opens(screen, path))  # noqa: B023 - now
                before = _entries(page)
                updating = longest_task(browser, page, origin, lambda: _clock_moves(page, origin))  # noqa: B023 - now
                after = _entries(page)
                rows.append(
                    (
                        path,
                        f"{before['paint']:.0f}",
                        f"{before['shift']:.4f}",
                        f"{after['shift'] - before['shift']:.4f}",
                        f"{before['longest']:.0f}",
                        f"{loading:.0f}",
                        f"{page.evaluate(_LONGEST_SINCE):.0f}",
                        f"{updating:.0f}",
                    )
                )
    return rows


def _opens(screen: Screen, path: str) -> None:
    screen.opens(path).wait_for_timeout(2500)


def _clock_moves(page: Page, origin: str) -> None:
    """A minute passes six times: every row's countdown changes."""

    page.evaluate("window.updatesFrom = performance.now()")
    for _ in range(_UPDATES):
        httpx.post(f"{origin}/demo/clock", json={"advance_seconds": 60}, timeout=60).raise_for_status()
        page.wait_for_timeout(5500)


def _entries(page: Page) -> dict[str, float]:
    return dict(
        page.evaluate(
            """() => ({
              paint: felt.paints["first-contentful-paint"] ?? 0,
              shift: felt.shifts.reduce((sum, shift) => sum + shift.value, 0),
              longest: Math.max(0, ...felt.longTasks.map((task) => task.ms)),
            })"""
        )
    )
