"""`serve`: the four services in one process, one URL, embedded stores and log unless told otherwise."""

import fcntl
import json
import os
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Event, Thread
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click

from services.console.demo_clock import ClockMover
from services.console.house import House, migrate_all
from services.console.options import data_option, house_environ
from services.console.settings import read_settings
from services.console.welcome import LOG_FILE, print_welcome
from shared.kernel.clock import DemoClock, machine_now, monotonic
from shared.launch.collector import settle
from shared.launch.keys import ensure_demo_keys, write_whole
from shared.launch.platform import clock_file
from shared.launch.serve import serve as serve_wsgi
from shared.launch.settings import BadSettings, BaseSettings
from shared.messaging.worker import LEAVE_SECONDS
from shared.observability.logging import configure_logging

_HOST = "127.0.0.1"
_LOG_BYTES = 10_000_000
_DEMO_STARTS = time(13, 0)
_DEMO_ZONE = ZoneInfo("America/New_York")


class Mode(StrEnum):
    """`lively` seeds a busy morning and keeps it moving; `quiet` only seeds; `empty` has sites and staff only."""

    LIVELY = "lively"
    QUIET = "quiet"
    EMPTY = "empty"


@dataclass(frozen=True)
class Kept:
    """What a data folder remembers of how it was begun. `starts_at` is the instant its demo day starts at."""

    mode: Mode
    starts_at: str
    seeded: bool

    @classmethod
    def read(cls, data: Path) -> "Kept | None":
        with suppress(FileNotFoundError):
            found = json.loads((data / "house.json").read_text())
            return cls(Mode(found["mode"]), found["starts_at"], found["seeded"])
        return None

    def write(self, data: Path) -> None:
        write_whole(data / "house.json", json.dumps(asdict(self)), mode=0o644)


class InstantType(click.ParamType[datetime, datetime]):
    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            parsed = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} isn't an RFC 3339 instant such as 2026-03-07T13:00:00-05:00", param, ctx)
        if parsed.tzinfo is None:
            self.fail(f"{value!r} needs an offset, such as -05:00 or Z", param, ctx)
        return parsed


@click.command(help="Run the four services in one process. Without options: a new folder gets a lively demo.")
@click.option("--port", type=click.IntRange(1, 65535), help="[default: AFTERGLOW_PORT or 8080]")
@data_option
@click.option(
    "--demo",
    is_flag=False,
    flag_value="lively",
    type=click.Choice(["lively", "quiet"]),
    help="Seed a busy morning and keep it moving; --demo=quiet only seeds. The default on a new folder.",
)
@click.option("--empty", is_flag=True, help="Sites and staff, no patients.")
@click.option("--at", type=InstantType(), help="Where a new folder's clock starts.  [default: today 13:00 New York]")
@click.option("--speed", type=click.FloatRange(0, 100_000), default=1.0, help="Demo seconds per real second; 0 stands.")
def serve(port: int | None, data: Path, demo: str | None, empty: bool, at: datetime | None, speed: float) -> None:
    if demo and empty:
        raise click.UsageError("--demo and --empty exclude each other.")
    data.mkdir(parents=True, exist_ok=True)
    # the terminal is for the person who started it
    configure_logging(to=RotatingFileHandler(data / LOG_FILE, maxBytes=_LOG_BYTES, backupCount=2))
    environ = house_environ(data, os.environ, port=port)
    settings = _settings(environ)
    with _only_one(data):
        _refuse_taken(settings.port)
        kept = _begin(settings, data, Mode(demo) if demo else Mode.EMPTY if empty else None, at, speed)
        migrate_all(environ)
        running = _Running(environ, settings, data, kept, speed)
        serve_wsgi(running.build, host=_HOST, port=settings.port, on_exit=running.leave)


@dataclass
class _Running:
    """What lives in gunicorn's worker process."""

    environ: dict[str, str]
    settings: BaseSettings
    data: Path
    kept: Kept
    speed: float

    def build(self) -> Callable[..., Iterable[bytes]]:
        self.house = House.open(self.environ)
        self.stop = Event()
        clock = self.house.platform.clock
        if isinstance(clock, DemoClock):
            mover = ClockMover(clock, tuple(self.house.workers.values()))
            self.house.apps["intake"].extensions["afterglow.move_clock"] = mover.move_to
        self.house.seeding = self.kept.mode is not Mode.EMPTY and not self.kept.seeded
        settle()
        self.threads = self.house.start_workers(self.stop)
        Thread(target=self._bring_to_life, name="demo", daemon=True).start()
        return self.house.wsgi()

    def leave(self) -> None:
        self.stop.set()
        leave_by = monotonic() + LEAVE_SECONDS
        for thread in self.threads:
            thread.join(max(0.0, leave_by - monotonic()))

    def _bring_to_life(self) -> None:
        # both talk HTTP to this very server, as a person at a desk would
        url = f"http://{_HOST}:{self.settings.port}"
        if self.house.seeding:
            from services.console.seed import sow

            sow(url, self.settings.keys_dir, until=datetime.fromisoformat(self.kept.starts_at))
            Kept(self.kept.mode, self.kept.starts_at, seeded=True).write(self.data)
            if isinstance(clock := self.house.platform.clock, DemoClock):
                clock.start(clock.now(), speed=self.speed)
            self.house.seeding = False
        print_welcome(url, self.house, self.settings)
        if self.kept.mode is Mode.LIVELY:
            from services.console.simulate import keep_moving

            keep_moving(url, self.settings.keys_dir, self.stop)


def _settings(environ: dict[str, str]) -> BaseSettings:
    try:
        return read_settings(environ)["intake"]
    except BadSettings as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


def _begin(settings: BaseSettings, data: Path, mode: Mode | None, at: datetime | None, speed: float) -> Kept:
    """Make or resume the folder's keys, clock and mode. A kept clock wins over `at`: it never goes backwards."""
    ensure_demo_keys(settings.keys_dir)
    kept = Kept.read(data)
    if kept is None:
        chosen = mode or Mode.LIVELY
        starts = at or (machine_now() if chosen is Mode.EMPTY else _todays_demo_start())
        kept = Kept(chosen, starts.isoformat(), seeded=False)
    else:
        if at is not None:
            print(f"{data} keeps a clock of its own and resumes it; --at is for a new folder.", file=sys.stderr)
        kept = Kept(mode or kept.mode, kept.starts_at, kept.seeded)
    kept.write(data)
    starts_at = datetime.fromisoformat(kept.starts_at)
    if kept.mode is not Mode.EMPTY and not kept.seeded:
        from services.console.seed import HISTORY

        # the clock stands still while the morning is made, so that it is the same one on a slow machine
        starts_at, speed = starts_at - HISTORY, 0.0
    if settings.demo_dir is not None:
        DemoClock(clock_file(settings.demo_dir)).start(starts_at, speed=speed)
    return kept


def _todays_demo_start() -> datetime:
    today = machine_now().astimezone(_DEMO_ZONE).date()
    return datetime.combine(today, _DEMO_STARTS, _DEMO_ZONE).astimezone(UTC)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            print(f"Port {port} is taken; choose another with --port or AFTERGLOW_PORT.", file=sys.stderr)
            raise SystemExit(2) from None


class _only_one:  # noqa: N801 - reads as a phrase
    """Holds the folder for this process: two houses on one folder would share a clock and fight over it."""

    def __init__(self, data: Path) -> None:
        self._path = data / "lock"

    def __enter__(self) -> None:
        self._file: TextIO = self._path.open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print(f"Another `python -m services` uses {self._path.parent}; stop it, or choose --data.", file=sys.stderr)
            raise SystemExit(2) from None

    def __exit__(self, *_: object) -> None:
        self._file.close()
