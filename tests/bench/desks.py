"""The desks under load: `python -m tests.bench.desks`.

1. A board's page on a day of 120 with 40 in recovery, against its own statements and templates run bare; the same
   with ten years of history in the store. 2. Fifty live boards on one process with a change a second: how long until
   the change is at the browser, and what the API's p95 becomes. 3. How a page feels in Chromium.
"""

import logging
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import structlog

from tests.bench.desks_feel import felt
from tests.bench.desks_live import WATCHERS, live
from tests.bench.desks_pages import Times, page_times
from tests.bench.history import ten_years
from tests.bench.table import print_table
from tests.e2e.journey import ClockByHttp
from tests.support.full_day import full_day
from tests.support.house import SERVICES, House

_PAGE_CEILING, _HISTORY_CEILING, _LIVE_CEILING, _API_CEILING = 2.0, 1.1, 1.0, 1.3


def main() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING), cache_logger_on_first_use=True
    )
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        with full_day(folder) as running:
            now = ClockByHttp(running.origin).now()
            _print_feel(running.origin)
            _print_live(live(running))
        young, old = (_house(running.data, folder / age, now) for age in ("young", "old"))
        ten_years(old)
        _print_pages(page_times([young, old]))
        young.close()
        old.close()


def _house(data: Path, folder: Path, now: datetime) -> House:
    """A house of its own on a copy of the stores."""
    folder.mkdir()
    for part in data.glob("*.db*"):
        shutil.copy(part, folder)
    urls = {name: f"sqlite:///{folder / name}.db" for name in SERVICES}
    return House(folder / "house", at=now, urls=urls)


def _print_pages(seen: dict[str, list[Times]]) -> None:
    rows = []
    for path, (young, old) in seen.items():
        for age, took in (("a new house", young), ("ten years on", old)):
            values = (took.typical, took.p95, took.anew_p95, took.bare_p95)
            ratios = (took.p95 / took.bare_p95, took.anew_p95 / took.bare_p95, took.p95 / young.p95)
            rows.append((path, age, *(f"{value * 1000:.1f}" for value in values), *(f"{each:.2f}" for each in ratios)))
    print_table(
        f"a board's page, ms (to bare at most {_PAGE_CEILING}; to a new house at most {_HISTORY_CEILING})",
        ("page", "store", "p50", "p95", "rows anew p95", "bare p95", "to bare", "anew to bare", "to new"),
        rows,
    )


def _print_live(seen: dict[str, float]) -> None:
    print_table(
        f"{WATCHERS} live boards, a change a second (client at most {_LIVE_CEILING} s, API at most {_API_CEILING}×)",
        ("what", "measured"),
        [
            ("change → client, p50", f"{seen['arrives_p50'] * 1000:.0f} ms"),
            ("change → client, p95", f"{seen['arrives_p95'] * 1000:.0f} ms"),
            ("changes that came to every client", f"{seen['came']:.0f} of {seen['made']:.0f}"),
            ("API p95 with nobody watching", f"{seen['alone_p95'] * 1000:.1f} ms"),
            (f"API p95 with {WATCHERS} watching", f"{seen['watched_p95'] * 1000:.1f} ms"),
            ("ratio", f"{seen['watched_p95'] / seen['alone_p95']:.2f}"),
        ],
    )


def _print_feel(origin: str) -> None:
    print_table(
        "in Chromium, day of 120 (layout shift 0, longest task under 50 ms)",
        (
            *("page", "first paint, ms", "shift on load", "shift on updates", "longest task on load, ms"),
            *("of processor", "on updates, ms", "of processor"),
        ),
        felt(origin),
    )


if __name__ == "__main__":
    main()
