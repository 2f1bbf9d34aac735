"""Every page in every state at three widths: `make pictures`.

The full set goes to .data/pictures (git-ignored); the few that the README shows to docs/pictures.
"""

import argparse
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.e2e.running import ROOT, RunningHouse
from tests.support.browser import Screen, chromium
from tests.support.full_day import full_day
from tests.support.morning import MORNING
from tests.support.views import VIEWS, People, View, come_to

_ALL, _SHOWN = ROOT / ".data" / "pictures", ROOT / "docs" / "pictures"
_WIDTHS = {1440: 900, 820: 1180, 320: 640}
# what the README shows: the first screen, small enough to be kept
_IN_README = {
    "today": (1440, 640),
    "recovery-charting": (1120, 720),
    "patient-prescriber": (1200, 640),
    "recovery": (320, 900),
}
_OF_A_FULL_DAY = (
    View("full-day-today", "front_desk", "/intake/today"),
    View("full-day-recovery", "nurse", "/discharge/recovery"),
)
_IN_THE_DARK = {
    "today",
    "recovery-held",
    "patient-prescriber",
    "boosters-open",
    "windows",
    "sign-in",
    "escalations-open",
}
_ON_PAPER = {"today", "aftercare", "recovery"}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("only", nargs="*", help="views by name; all of them without")
    asked.add_argument("--morning", type=Path, help="a data folder with the demo's morning, so that it isn't sown anew")
    chosen = asked.parse_args()
    if shutil.which("chromium") is None:
        raise SystemExit("Pictures need Chromium: apt-get install chromium")
    _ALL.mkdir(parents=True, exist_ok=True)
    _SHOWN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, ExitStack() as houses:
        here = Path(folder)
        views = [view for view in VIEWS if not chosen.only or view.name in chosen.only]
        _photograph(browser, houses, here, [view for view in views if view.house == "empty"], "--empty")
        at_work = [view for view in views if view.house == "morning"]
        _photograph(browser, houses, here, at_work, "--demo=quiet", kept=chosen.morning)
        if not chosen.only or {view.name for view in _OF_A_FULL_DAY} & set(chosen.only):
            (here / "day").mkdir()
            crowded = houses.enter_context(full_day(here / "day"))
            for view in _OF_A_FULL_DAY:
                _take(browser, crowded, view, None)


def _photograph(
    browser: Browser, houses: ExitStack, folder: Path, views: list[View], how: str, *, kept: Path | None = None
) -> None:
    if not views:
        return
    house = RunningHouse(folder / how.strip("-"), how, "--at", MORNING.isoformat(), "--speed", "0")
    if kept:
        shutil.copytree(kept, house.data)
    houses.enter_context(house)
    people = None if how == "--empty" else People(house)
    for view in views:
        _take(browser, house, view, people)
    if how != "--empty":
        _lost(browser, house)


def _take(browser: Browser, house: RunningHouse, view: View, people: People | None) -> None:
    with Screen(browser, house.origin) as screen:
        screen.complaints = _Unheard()
        if view.role:
            screen.signs_in(view.role)
        page = come_to(view, screen, people)
        for width in _WIDTHS:
            _keep(page, width, view.name)
        if view.name in _IN_README:
            _show(page, view.name)
        if view.name in _IN_THE_DARK:
            page.emulate_media(color_scheme="dark")
            for width in (1440, 320):
                _keep(page, width, f"{view.name}-dark")
        if view.name in _ON_PAPER:
            page.emulate_media(media="print", color_scheme="light")
            _keep(page, 820, f"{view.name}-print")
    print(view.name)


def _lost(browser: Browser, house: RunningHouse) -> None:
    """Stale and degraded: the house goes away under an open board, and one service under an open patient."""
    with Screen(browser, house.origin) as screen:
        screen.complaints = _Unheard()
        screen.signs_in("prescriber")
        screen.page.route("**/maintenance/**", lambda route: route.abort())
        page = screen.opens(People(house).path("/intake/patients/{patient of Ben Whitfield}"))
        page.wait_for_timeout(1500)
        for width in _WIDTHS:
            _keep(page, width, "patient-degraded")
    with Screen(browser, house.origin) as screen:
        screen.complaints = _Unheard()
        screen.signs_in("nurse")
        page = screen.opens("/discharge/recovery")
        page.wait_for_timeout(4000)
        house.kill()
        page.locator("#live.stale").wait_for(timeout=40_000)
        for width in _WIDTHS:
            _keep(page, width, "recovery-stale")


def _show(page: Page, name: str) -> None:
    width, height = _IN_README[name]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(120)
    page.screenshot(path=_SHOWN / f"{name}.png")


def _keep(page: Page, width: int, name: str) -> None:
    page.set_viewport_size({"width": width, "height": _WIDTHS[width]})
    # a page that comes at this width comes with its menu closed
    page.evaluate(
        "(open) => { for (const menu of document.querySelectorAll('details.menu')) menu.open = open; }", width > 1100
    )
    page.wait_for_timeout(120)
    page.screenshot(path=_ALL / f"{name}-{width}.png", full_page=True)


class _Unheard(list[str]):
    """A picture is taken of a refusal as of anything else; tests/browser judges."""

    def append(self, complaint: str) -> None:
        pass


if __name__ == "__main__":
    main()
