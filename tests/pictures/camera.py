"""Takes a page at three widths, in the dark, on paper; remembers who is signed in."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.e2e.running import RunningHouse
from tests.support.browser import Screen
from tests.support.views import People, View, come_to

WIDTHS = {1440: 900, 820: 1180, 320: 640}
# a full day on a phone is longer than what anybody looks at, and than what Chromium can draw
_TALLEST = 6000
_PUT_AWAY = "afterglow_toured"


class Camera:
    """`albums` are the folders of all pictures and of those that the README shows, `shown` their sizes by view."""

    def __init__(self, browser: Browser, everything: Path, shown: Path, sizes: dict[str, tuple[int, int]]) -> None:
        self._browser, self._everything, self._shown, self._sizes = browser, everything, shown, sizes
        self._signed_in: dict[tuple[str, str, str], list[Any]] = {}

    def sit(self, house: RunningHouse, role: str, site: str, *, tour: bool = False) -> Screen:
        """A desk of its own, signed in, the tour put away; a picture is taken of a refusal as of anything else."""
        key = (house.origin, role, site)
        if role and key not in self._signed_in:
            with Screen(self._browser, house.origin) as screen:
                screen.signs_in(role, site)
                self._signed_in[key] = screen.context.cookies()
        cookies = [*self._signed_in.get(key, ()), *([] if tour else [_cookie(house.origin)])]
        screen = Screen(self._browser, house.origin, cookies=cookies)
        screen.complaints = _Unheard()
        return screen

    def take(self, house: RunningHouse, view: View, people: People | None, *, on_paper: int) -> None:
        """`on_paper` is the width that a page of paper leaves, in pixels; 0 for what nobody prints."""
        with self.sit(house, view.role, view.site, tour=view.name == "tour") as screen:
            page = come_to(view, screen, people)
            self.at_all_widths(page, view.name)
            if view.name in self._sizes:
                self._show(page, view.name)
            page.emulate_media(color_scheme="dark")
            self._keep(page, 1440, f"{view.name}-dark")
            if on_paper:
                page.emulate_media(media="print", color_scheme="light")
                self._keep(page, on_paper, f"{view.name}-print")
                page.pdf(path=self._everything / f"{view.name}-print.pdf", prefer_css_page_size=True)

    def at_all_widths(self, page: Page, name: str) -> None:
        for width in WIDTHS:
            self._keep(page, width, name)

    def _keep(self, page: Page, width: int, name: str) -> None:
        _at(page, width, WIDTHS.get(width, 900))
        tall = page.evaluate("document.documentElement.scrollHeight")
        # a board draws no row that is far out of sight
        page.set_viewport_size({"width": width, "height": min(tall, _TALLEST)})
        page.wait_for_timeout(120)
        cut = {"x": 0, "y": 0, "width": width, "height": _TALLEST} if tall > _TALLEST else None
        page.screenshot(path=self._everything / f"{name}-{width}.png", full_page=True, clip=cut)

    def _show(self, page: Page, name: str) -> None:
        width, height = self._sizes[name]
        _at(page, width, height)
        page.screenshot(path=self._shown / f"{name}.png")


def _at(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    # a page that comes at this width comes with its menu closed, at its top
    page.evaluate(
        """(open) => {
          for (const menu of document.querySelectorAll("details.menu")) menu.open = open;
          scrollTo(0, 0);
        }""",
        width > 1100,
    )
    page.wait_for_timeout(120)


def _cookie(origin: str) -> dict[str, str]:
    return {"name": _PUT_AWAY, "value": "yes", "url": origin}


class _Unheard(list[str]):
    """tests/browser judges what a page complains of."""

    def append(self, complaint: str) -> None:
        pass
