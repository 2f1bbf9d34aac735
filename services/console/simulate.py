"""Keeps a demo's boards moving, through the API, as the demo's clock passes.

It remembers nothing that matters: each pass reads the boards and does what is due, so it copes with a clock that jumps
by weeks, with people acting beside it, and with being started again. A refusal is an answer, not a failure.
"""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import click

from services.console import simulate_board, simulate_chair, simulate_home
from services.console.care import Care
from services.console.client import Clinics, Refusal, Unreached
from services.console.options import data_option
from services.console.seed import CAST
from shared.kernel.clock import monotonic
from shared.kernel.people import Role
from shared.launch.keys import NoSigningKey
from shared.observability.logging import get_logger

_PASS_SECONDS = 2.0
_SLOW_EVERY = 10
_ACTS_A_PASS = 8
_REST = timedelta(minutes=2)
_FOUND_WAITS = timedelta(minutes=4)
_FOUND_SPREAD_MINUTES = 12
_SEEDED_BEFORE = timedelta(hours=5)
_log = get_logger(__name__)


def keep_moving(url: str, keys_dir: Path, stop: Event, *, push: float = 0.0) -> None:
    """Make a pass every 2 real seconds until `stop` is set; `push` also moves the clock, by that many demo seconds a
    real one. Never raises: what goes wrong is told in the log and tried again."""
    simulator: Simulator | None = None
    clinics: Clinics | None = None
    while not stop.is_set():
        begun = monotonic()
        try:
            clinics = clinics or Clinics(url, keys_dir)
            simulator = simulator or Simulator(clinics)
            if push:
                clinics.advance_clock(timedelta(seconds=push * _PASS_SECONDS))
            simulator.make_pass()
        except Unreached:
            _log.info("the simulator waits for the services")
        except Exception as error:
            _log.warning("a pass of the simulator failed", reason=type(error).__name__)
        # a slow machine is given time to breathe
        stop.wait(max(_PASS_SECONDS, 2 * (monotonic() - begun)))
    if clinics is not None:
        clinics.close()


class Simulator:
    """One demo's people, pass by pass. Raises Refusal and Unreached when the boards themselves can't be read."""

    def __init__(self, clinics: Clinics) -> None:
        self._clinics = clinics
        sites = clinics.caller(Role.FRONT_DESK, *CAST).get("/intake/v1/sites")["items"]
        everywhere = [site["site_id"] for site in sites]
        self._zones = {site["site_id"]: ZoneInfo(site["time_zone"]) for site in sites}
        self._chairs = {site["site_id"]: [chair["chair_id"] for chair in site["chairs"]] for site in sites}
        self._cares = {site_id: Care(clinics, site_id) for site_id in everywhere}
        self._desk = clinics.caller(Role.FRONT_DESK, *everywhere)
        self._nurse = clinics.caller(Role.NURSE, *everywhere)
        self._began = clinics.now()
        self._passes = 0
        self._left = 0
        self._resting: dict[tuple[str, str], datetime] = {}
        self._done: set[str] = set()

    def make_pass(self) -> None:
        """Do what is due at the clock's now, at most a handful of acts."""
        now = self._clinics.now()
        self._left = _ACTS_A_PASS
        self._resting = {act: until for act, until in self._resting.items() if until > now}
        board = self._desk.get("/intake/v1/boards/today")["items"]
        self._move_chairs(now)
        self._move_board(board, now)
        self._fill_today(board, now)
        if self._passes % _SLOW_EVERY == 0:
            self._left = _ACTS_A_PASS  # however busy the chairs are, somebody answers the phone
            self._call_boosters(now)
            self._hear_from_home(now)
            self._book_ahead(board, now)
        self._passes += 1

    def _move_chairs(self, now: datetime) -> None:
        live = ["recovering", "held", "emergency"]
        for recovery in self._nurse.everything("/discharge/v1/recoveries", state=live, limit=500):
            found = simulate_chair.next_act(self._cares[recovery["site_id"]], recovery, now)
            if found is not None:
                self._act(recovery["session_id"], *found, now=now)

    def _move_board(self, board: list[dict[str, Any]], now: datetime) -> None:
        for item in board:
            found = simulate_board.next_act(self._cares[item["site_id"]], item, now)
            if found is not None:
                self._act(item["session_id"], *found, now=now)

    def _fill_today(self, board: list[dict[str, Any]], now: datetime) -> None:
        """During the day at least half of a site's chairs have somebody in or before them."""
        for site_id, care in self._cares.items():
            busy = sum(
                item["site_id"] == site_id and item["state"] in {"booked", "arrived", "started", "recovering"}
                for item in board
            )
            chairs = self._chairs[site_id]
            if simulate_home.is_open(self._zones[site_id], now) and busy < (len(chairs) + 1) // 2:
                at = (now + timedelta(minutes=15)).replace(second=0, microsecond=0)
                key = f"sim:{site_id}:{at:%Y%m%dT%H%M}"
                self._act(
                    site_id, "fill", lambda c=care, k=key, s=chairs, a=at: simulate_home.newcomer(c, k, s, a), now=now
                )

    def _book_ahead(self, board: list[dict[str, Any]], now: datetime) -> None:
        for item in board:
            kind = simulate_home.after(item, int(item["number"] or 0))
            if kind is not None:
                care, chairs = self._cares[item["site_id"]], self._chairs[item["site_id"]]
                days = 3 + simulate_board.number_of(item["session_id"], 3)
                at = datetime.fromisoformat(item["starts_at"]) + timedelta(days=days)
                self._once(
                    f"sim:{item['session_id']}:next",
                    lambda k, c=care, i=item, s=chairs, a=at, n=kind: simulate_home.book_somewhere(
                        c, k, i["patient_id"], i["course_id"], s, a, n
                    ),
                )
        for site_id, care in self._cares.items():
            for slot in simulate_home.coming_slots(self._zones[site_id], now):
                key = f"sim:{site_id}:{slot:%Y%m%dT%H%M}"
                self._once(key, lambda k, c=care, s=self._chairs[site_id], a=slot: simulate_home.newcomer(c, k, s, a))

    def _call_boosters(self, now: datetime) -> None:
        due = [booster for booster in self._desk.everything("/intake/v1/boosters", state="due") if booster["course_id"]]
        for booster in sorted(due, key=lambda one: (one["due_on"], one["booster_id"]))[:1]:
            care, chairs = self._cares[booster["site_id"]], self._chairs[booster["site_id"]]
            at = simulate_home.booster_at(self._zones[booster["site_id"]], booster, now)
            self._act(
                booster["booster_id"],
                "call",
                lambda b=booster, c=care, s=chairs, a=at: simulate_home.book_somewhere(
                    c, f"sim:{b['booster_id']}:{a:%Y%m%d}", b["patient_id"], b["course_id"], s, a, "booster"
                ),
                now=now,
            )

    def _hear_from_home(self, now: datetime) -> None:
        for state in ("upcoming", "open"):
            for window in self._nurse.everything("/integration/v1/windows", state=state, limit=500):
                care = self._cares[window["site_id"]]
                found = simulate_home.home_act(care, window, now, since=self._began - _SEEDED_BEFORE)
                if found is not None:
                    what, act = found
                    self._once(f"{window['session_id']}:{what}", lambda _, a=act: a())

    def _once(self, key: str, act: Any) -> None:
        """Do `act` if this simulator hasn't; a later one repeats it under the same key, which changes nothing."""
        if key not in self._done and self._attempt(lambda: act(key)):
            self._done.add(key)

    def _act(self, subject: str, what: str, act: Any, *, now: datetime) -> None:
        """Do `act`, and leave it for two demo minutes: what was refused isn't asked again at once.

        What was due before this simulator looked for the first time is left as it was found for some demo minutes, so
        that people see the morning that was sown.
        """
        if self._passes == 0:
            wait = _FOUND_WAITS + timedelta(minutes=simulate_board.number_of(f"{subject}{what}", _FOUND_SPREAD_MINUTES))
            self._resting[(subject, what)] = now + wait
        elif (subject, what) not in self._resting and self._attempt(act):
            self._resting[(subject, what)] = now + _REST

    def _attempt(self, act: Any) -> bool:
        """Whether it was tried at all; a pass has room for so many acts."""
        if self._left <= 0:
            return False
        self._left -= 1
        try:
            act()
        except Refusal as refusal:
            if refusal.status not in {404, 409, 412}:
                _log.warning("the simulator was refused", code=refusal.code, status=refusal.status)
        return True


@click.command(help="Keep a running demo's boards moving until Ctrl-C.")
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where the services answer.")
@click.option(
    "--speed", type=click.FloatRange(0, 100_000), default=0.0, help="Demo seconds a real second to push the clock by."
)
@data_option
def simulate(url: str, speed: float, data: Path) -> None:
    try:
        Clinics(url, data / "keys").close()
    except NoSigningKey as error:
        raise click.ClickException(str(error)) from None
    try:
        keep_moving(url, data / "keys", Event(), push=speed)
    except KeyboardInterrupt:
        click.echo("The boards stand as they are.")
