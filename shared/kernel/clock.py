"""The one place that reads the machine's clock.

Clinical time (`Clock.now`) can be moved forward in the demo. Machine time (`machine_now`, `monotonic`) can't: leases,
retries, timeouts, tokens and idempotency use it, so that moving the demo's day never expires a lock.
"""

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Protocol

_HEARTBEAT = timedelta(seconds=1)


class Clock(Protocol):
    """Gives the clinic's present instant, aware and in UTC."""

    def now(self) -> datetime: ...


def machine_now() -> datetime:
    """The machine's own instant, aware and in UTC; never moved by the demo."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that only ever grow; for timeouts and durations."""
    return time.monotonic()


class SystemClock:
    """Production's clock: the machine's."""

    def now(self) -> datetime:
        return machine_now()


@dataclass
class FixedClock:
    """A clock for tests: stands still until it is told otherwise."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


class DemoClock:
    """The demo's clock, kept in a file that all processes of the demo read.

    The file holds an anchor pair (demo instant, machine instant) and a speed in demo seconds per real second. Every
    reader derives the same `now` from it. It only ever moves forward.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._stamp = (-1, -1)
        self._demo_at = self._machine_at = machine_now()
        self._speed = 1.0
        self._floor: datetime | None = None

    @property
    def path(self) -> Path:
        return self._path

    def exists(self) -> bool:
        return self._path.exists()

    def start(self, at: datetime, *, speed: float) -> None:
        """Start a new clock at `at`, or resume the one that is kept: its instant wins over `at`, `speed` is taken anew.

        Resuming continues where the clock was last seen, so a night with the demo switched off is no night at all.
        """
        with self._lock:
            begin = at.astimezone(UTC)
            if self._path.exists():
                kept = json.loads(self._path.read_text())
                # one beat past the last heartbeat: nothing that was stamped before the stop lies ahead of the clock
                begin = datetime.fromisoformat(kept["seen_at"]) + _HEARTBEAT * float(kept["speed"])
            self._write(begin, speed)

    def now(self) -> datetime:
        with self._lock:
            self._read()
            return self._derive()

    def move_to(self, instant: datetime) -> datetime:
        """Move forward to `instant`; an earlier one leaves the clock where it is. Returns the new now."""
        with self._lock:
            self._read()
            here = self._derive()
            target = max(here, instant.astimezone(UTC))
            self._write(target, self._speed)
            return target

    def beat(self) -> None:
        """Keep the present instant in the file; the owner calls it once a second so that a kill loses no time."""
        with self._lock:
            self._read()
            self._write(self._derive(), self._speed)

    def _derive(self) -> datetime:
        elapsed = (machine_now() - self._machine_at) * self._speed
        now = self._demo_at + max(elapsed, timedelta())
        # the machine's clock may be set back; the demo's may not
        self._floor = now if self._floor is None else max(self._floor, now)
        return self._floor

    def _read(self) -> None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp == self._stamp:
            return
        kept = json.loads(self._path.read_text())
        self._demo_at = datetime.fromisoformat(kept["seen_at"])
        self._machine_at = datetime.fromisoformat(kept["machine_at"])
        self._speed = float(kept["speed"])
        self._stamp = stamp

    def _write(self, demo_at: datetime, speed: float) -> None:
        machine_at = machine_now()
        kept = {"seen_at": demo_at.isoformat(), "machine_at": machine_at.isoformat(), "speed": speed}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(kept))
        part.replace(self._path)
        self._demo_at, self._machine_at, self._speed = demo_at, machine_at, speed
        self._floor = demo_at if self._floor is None else max(self._floor, demo_at)
        found = self._path.stat()
        self._stamp = (found.st_mtime_ns, found.st_ino)
