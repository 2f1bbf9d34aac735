"""What a test needs beside Python: left out by name where it isn't there, or refused with REQUIRE=all.

A test says so with a mark (`@pytest.mark.docker`). With REQUIRE=all nothing may be left out, for whatever reason.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache

import pytest

_REQUIRE_ALL = os.environ.get("REQUIRE") == "all"


@cache
def has_docker() -> bool:
    """Whether a Docker engine answers here, with Compose beside it."""
    if shutil.which("docker") is None:
        return False
    calls = (["docker", "info"], ["docker", "compose", "version"])
    return all(subprocess.run(call, capture_output=True, timeout=30).returncode == 0 for call in calls)


def has_chromium() -> bool:
    """Whether Debian's browser is here; `apt-get install chromium` brings it."""
    return shutil.which("chromium") is not None


_NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "docker": (has_docker, "a Docker engine with Compose"),
    "browser": (has_chromium, "Chromium (Debian's package)"),
}
_left_out: dict[str, list[str]] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for mark, (is_here, what) in _NEEDS.items():
        needing = [item for item in items if item.get_closest_marker(mark) is not None]
        if not needing or is_here():
            continue
        if _REQUIRE_ALL:
            raise pytest.UsageError(f"REQUIRE=all, but {len(needing)} tests need {what} and there is none")
        for item in needing:
            item.add_marker(pytest.mark.skip(reason=f"needs {what}"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "skipped"
        _left_out.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _REQUIRE_ALL and _left_out and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason, names in _left_out.items():
        word = "REQUIRE=all, but left out" if _REQUIRE_ALL else "left out"
        terminalreporter.section(f"{word}: {reason}", red=_REQUIRE_ALL)
        for name in names:
            terminalreporter.line(name)
