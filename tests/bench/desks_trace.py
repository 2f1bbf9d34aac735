"""How long a page's longest task keeps its main thread's processor, by Chromium's own trace.

What the browser's performance entries say is by the clock: on a busy machine they hold other people's work too.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page

_CATEGORIES = ["toplevel", "devtools.timeline"]
_WAIT_MS = 50


def longest_task(browser: Browser, page: Page, origin: str, act: Callable[[], object]) -> float:
    """Milliseconds of processor of the longest task of `origin`'s page while `act` goes on."""
    events, ended = list[dict[str, Any]](), list[object]()
    session = browser.new_browser_cdp_session()
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda told: ended.append(told))
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": _CATEGORIES}})
    act()
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(_WAIT_MS)
    session.detach()
    return max((event["tdur"] for event in _tasks(events, origin)), default=0) / 1000


def _tasks(events: list[dict[str, Any]], origin: str) -> list[dict[str, Any]]:
    """Of the renderer that ran the origin's scripts: Chromium's own pages have theirs."""
    ours = {event["pid"] for event in events if origin in str(event.get("args"))}
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain" and event["pid"] in ours
    }
    return [
        event
        for event in events
        if event["name"].endswith("RunTask") and "tdur" in event and (event["pid"], event["tid"]) in mains
    ]
