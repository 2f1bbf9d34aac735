"""A person at a real browser: Debian's Chromium, and a list of everything that went wrong in it.

with chromium() as browser, Screen(browser, house.origin) as screen:
    screen.signs_in("front_desk", "riverside")
    screen.opens("/intake/today")

Leaving the block fails for any console error, uncaught error, violation of the content security policy, or answer of
400 and above that `may_be_refused` didn't name.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, sync_playwright

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
_TALL = {1440: 900, 1280: 900, 820: 1180, 320: 640}
# what a refused answer leaves in the console; the answer itself is judged
_SAID_OF_AN_ANSWER = "Failed to load resource: the server responded"
_SAID_OF_A_CUT = re.compile(r"ERR_|Failed to fetch|network error")
_PATIENCE_MS = 15_000


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Screen(AbstractContextManager["Screen"]):
    """One browser of its own (cookies, storage), one page. `width` in CSS pixels; `scale` of them to one device's."""

    def __init__(
        self,
        browser: Browser,
        origin: str,
        *,
        width: int = 1440,
        height: int = 0,
        scale: float = 1,
        look: str = "light",
        script: str = "on",
        cookies: list[Any] | None = None,
    ) -> None:
        self.origin = origin
        self.script = script == "on"
        self.complaints: list[str] = []
        self._allowed: set[int] = set()
        self._lost = False
        self.context = browser.new_context(
            base_url=origin,
            viewport={"width": width, "height": height or _TALL.get(width, 900)},
            device_scale_factor=scale,
            color_scheme="dark" if look == "dark" else "light",
            java_script_enabled=script == "on",
            locale="en-US",
            reduced_motion="reduce",
        )
        if cookies:
            self.context.add_cookies(cookies)
        self.context.set_default_timeout(_PATIENCE_MS)
        self.context.add_init_script(path=Path(__file__).with_name("watch_page.js"))
        self.page = self._watched(self.context.new_page())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.close()
        if error is None:
            assert not self.complaints, "\n".join(dict.fromkeys(self.complaints))

    def signs_in(self, role: str, site_id: str = "riverside") -> None:
        """As in the demo: by choosing."""
        self.page.goto("/intake/sign-in")
        self.page.check(f"input[name=role][value={role}]")
        self.page.check(f"input[name=site_id][value={site_id}]")
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/intake/sign-in" not in url)

    def opens(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def another_page(self) -> Page:
        """A second tab of the same person."""
        return self._watched(self.context.new_page())

    def may_be_refused(self, *statuses: int) -> None:
        """The person does something that is refused with one of these."""
        self._allowed.update(statuses)

    def loses_its_line(self) -> None:
        """Requests may fail from here on: the test cuts them."""
        self._lost = True

    def row(self, words: str) -> Locator:
        """The board's row that says `words`."""
        return self.page.locator("table.board tr[data-part]", has_text=words)

    def _watched(self, page: Page) -> Page:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("response", self._judge)
        page.on("requestfailed", self._miss)
        return page

    def _hear(self, said: ConsoleMessage) -> None:
        excused = said.text.startswith(_SAID_OF_AN_ANSWER) or (self._lost and _SAID_OF_A_CUT.search(said.text))
        if said.type in {"error", "warning"} and not excused:
            self.complaints.append(f"console {said.type}: {said.text} ({said.location.get('url', '')})")

    def _judge(self, answer: Response) -> None:
        if answer.status >= 400 and answer.status not in self._allowed:
            path = urlsplit(answer.url).path
            self.complaints.append(f"{answer.request.method} {path} was answered {answer.status}")

    def _miss(self, request: Request) -> None:
        # leaving a page ends what is under way: its stream, its sections, its preloaded font
        if request.failure != "net::ERR_ABORTED" and not self._lost:
            self.complaints.append(f"{request.method} {urlsplit(request.url).path} failed: {request.failure}")


def wire_bytes(screen: Screen, path: str) -> Mapping[str, int]:
    """What opening `path` with an empty cache takes over the wire, by address; the endless live line left out."""
    session = screen.context.new_cdp_session(screen.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def finished(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "")
        sizes[address] = sizes.get(address, 0) + int(event["encodedDataLength"])

    session.on(
        "Network.requestWillBeSent", lambda event: addresses.update({event["requestId"]: event["request"]["url"]})
    )
    session.on("Network.loadingFinished", finished)
    screen.page.goto(path)
    screen.page.wait_for_timeout(1500)
    session.detach()
    return sizes
