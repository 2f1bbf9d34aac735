"""The machine fails its processes: no room on the disk, and a clock that jumps back and forth."""

import resource
import sqlite3
import time
from contextlib import closing

from tests.chaos.report import Outcome, Tick
from tests.chaos.world import Child, TrialFailed, World, wait_for

_ROOM = 256 * 1024
_HOUR, _DAY = 3600, 86400


def full_disk(world: World, *, rounds: int, tick: Tick) -> Outcome:
    """No file can grow: writers are refused, nothing is corrupted, and once there is room all goes on by itself."""
    refusals = 0
    for number in range(rounds):
        tick("no room on the disk", number, rounds)
        world.settle()
        # the writer has a file of its own, and it is the log's that is the largest
        present = [
            world.writer(rows=20, most_bytes=_largest(world, "intake.db*") + _ROOM),
            *world.workers(stumbles=100, most_bytes=_largest(world, "*.db*") + _ROOM),
        ]
        writer = present[0]
        world.allow(10**6)
        wait_for(lambda writer=writer: _refusals(writer) > 5, "writers are refused")
        refusals += _refusals(writer)
        _not_corrupt(world)
        for each in present:
            resource.prlimit(each.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        world.board.write("allowed", world.promised_sessions() + 50)
        world.settle()
        for each in present:
            each.leave()
            world.children.remove(each)
    _not_corrupt(world)
    found = world.audited()
    return Outcome("full disk", world.name, rounds, found, f"{refusals} commits refused, no file corrupted")


def jumping_clock(world: World, *, rounds: int, tick: Tick) -> Outcome:
    """The machine's clock jumps by up to a day, back and forth, and stays a day behind at the end."""
    present = [world.writer(rows=3, pause_seconds=0.01), *world.workers(stumbles=20)]
    jumps = 0
    for number in range(rounds):
        tick("the clock jumps", number, rounds)
        world.allow(40)
        for seconds in (world.random.randint(-_DAY, _DAY), _HOUR, -_HOUR, 0, _DAY, -_DAY):
            world.board.write("clock_seconds", seconds)
            jumps += 1
            time.sleep(0.2)
        world.settle()
    for each in present:
        each.leave()
        world.children.remove(each)
    world.board.write("clock_seconds", 0)
    found = world.audited()
    return Outcome("jumping clock", world.name, rounds, found, f"{jumps} jumps of up to a day either way")


def _refusals(writer: Child) -> int:
    return sum(line.startswith("refused") for line in writer.said())


def _largest(world: World, files: str) -> int:
    return max(file.stat().st_size for file in world.folder.glob(files))


def _not_corrupt(world: World) -> None:
    for file in world.folder.glob("*.db"):
        with closing(sqlite3.connect(file, timeout=30)) as connection:
            if (verdict := connection.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise TrialFailed(f"{file.name} is corrupt: {verdict}")
