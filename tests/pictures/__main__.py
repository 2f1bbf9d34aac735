"""Every page in every state at three widths, in the dark and on paper: `make pictures`.

Each is named by page, state and width in .data/pictures (git-ignored); the few that the README shows go to
docs/pictures. A picture that fails doesn't stop the others: it is named at the end, and the exit status is 1.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

from playwright.sync_api import Page

from tests.e2e.running import ROOT, RunningHouse
from tests.pictures.camera import Camera
from tests.pictures.houses import Houses
from tests.support.browser import chromium
from tests.support.views import OF_A_FULL_DAY, STALE, VIEWS, People, View, settled

_ALL, _SHOWN = ROOT / ".data" / "pictures", ROOT / "docs" / "pictures"
_IN_README = {
    "today": (1440, 900),
    "recovery-charting": (1440, 1100),
    "patient-between": (1440, 900),
}
# in pixels: what A4 leaves between its margins, upright and lying
_UPRIGHT, _LYING = 688, 1017
_ON_PAPER = {"today": _LYING, "recovery": _LYING, "boosters": _LYING, "windows": _LYING, "aftercare": _UPRIGHT}


class Album:
    """Counts, names and times what is taken; keeps what failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self._taken = 0

    def take(self, name: str, act: Callable[[], None]) -> None:
        begun = monotonic()
        try:
            act()
        except Exception as broken:
            self.failed.append(name)
            print(f"FAILED {name}: {type(broken).__name__}: {(str(broken).splitlines() or [''])[0]}", flush=True)
        else:
            self._taken += 1
            print(f"{self._taken:3} {name} {monotonic() - begun:.1f} s", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("only", nargs="*", help="views by name; all of them without")
    asked.add_argument("--morning", type=Path, help="a data folder with the demo's morning, so that it isn't sown anew")
    chosen = asked.parse_args()
    if shutil.which("chromium") is None:
        raise SystemExit("Pictures need Chromium: apt-get install chromium")
    every = (*VIEWS, *OF_A_FULL_DAY)
    stale = [view for view in STALE if _wanted(f"{view.name}-stale", chosen.only)]
    views = [view for view in every if _wanted(view.name, chosen.only)]
    if unknown := set(chosen.only) - {view.name for view in views} - {f"{view.name}-stale" for view in stale}:
        raise SystemExit(f"No view is called {', '.join(sorted(unknown))}")
    for folder in (_ALL, _SHOWN):
        folder.mkdir(parents=True, exist_ok=True)
    # whoever ends this from outside ends the houses too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun, album = monotonic(), Album()
    needed = {view.house for view in (*views, *stale)}
    with (
        tempfile.TemporaryDirectory() as folder,
        Houses(Path(folder), needed, kept=chosen.morning) as houses,
        chromium() as browser,
    ):
        camera = Camera(browser, _ALL, _SHOWN, _IN_README)
        for name in ("empty", "away", "morning", "lone", "full-day"):
            for view in (view for view in views if view.house == name):
                album.take(view.name, lambda view=view: _take(camera, houses[view.house], view))
        if stale:
            _lose_the_line(camera, album, houses["morning"], stale)
    print(f"{_ALL}: {monotonic() - begun:.0f} s")
    if album.failed:
        raise SystemExit(f"{len(album.failed)} failed: {', '.join(album.failed)}")


def _wanted(name: str, only: list[str]) -> bool:
    return not only or name in only


def _take(camera: Camera, house: RunningHouse, view: View) -> None:
    people = People(house, view.site) if "{" in view.path else None
    camera.take(house, view, people, on_paper=_ON_PAPER.get(view.name, 0))


def _lose_the_line(camera: Camera, album: Album, house: RunningHouse, views: list[View]) -> None:
    """The house goes away under open boards."""
    with ExitStack() as screens:
        pages = {}
        for view in views:
            page = screens.enter_context(camera.sit(house, view.role, view.site)).opens(view.path)
            settled(page)
            pages[view.name] = page
        # a line that was never there isn't lost
        pages[views[-1].name].wait_for_timeout(3_000)
        house.kill()
        for name, page in pages.items():

            def act(name: str = name, page: Page = page) -> None:
                page.locator("#live.stale").wait_for(timeout=40_000)
                camera.at_all_widths(page, f"{name}-stale")

            album.take(f"{name}-stale", act)


if __name__ == "__main__":
    main()
