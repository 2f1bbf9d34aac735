"""Every fault by name, on which adapter it can be, and how often at each scale."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.chaos import kills, machine, outages, pauses
from tests.chaos.line_machine import HOW_TOLD, Lines
from tests.chaos.report import Outcome, Tick
from tests.chaos.servers import Servers
from tests.chaos.world import TrialFailed, World

Run = Callable[[World, Servers | None, float, Tick], Outcome]


@dataclass(frozen=True)
class Trial:
    """`run` is told the scale: 1 is what the guarantees are stated for."""

    name: str
    embedded: bool
    servers: bool
    run: Run


def _times(full: int, scale: float) -> int:
    return max(1, round(full * scale))


def _crash_points(world: World, _: Servers | None, scale: float, tick: Tick) -> Outcome:
    passages = (1, 2, 7) if scale >= 0.1 else (1,)
    return kills.at_every_point(world, passages=passages, tick=tick)


def _migrations(world: World, _: Servers | None, scale: float, tick: Tick) -> Outcome:
    return kills.in_migrations(world, statements=tuple(range(1, 1 + _times(12, scale))), tick=tick)


def _random_kills(world: World, _: Servers | None, scale: float, tick: Tick) -> Outcome:
    return kills.at_random(world, kills=_times(1000, scale), events=_times(1_000_000, scale), tick=tick)


def _zombies(world: World, _: Servers | None, scale: float, tick: Tick) -> Outcome:
    return pauses.zombies(world, rounds=_times(200, scale), tick=tick)


def _leaving(world: World, _: Servers | None, scale: float, tick: Tick) -> Outcome:
    return pauses.leaving(world, rounds=_times(100, scale), tick=tick)


def _full_disk(world: World, _: Servers | None, scale: float, tick: Tick) -> Outcome:
    return machine.full_disk(world, rounds=_times(20, scale), tick=tick)


def _jumping_clock(world: World, _: Servers | None, scale: float, tick: Tick) -> Outcome:
    return machine.jumping_clock(world, rounds=_times(20, scale), tick=tick)


def _random_stories(world: World, _: Servers | None, scale: float, tick: Tick) -> Outcome:
    stories = _times(10_000, scale)
    tick("a few patients' lines against a model", 0, stories)
    try:
        run_state_machine_as_test(Lines, settings=settings(max_examples=stories, database=None, **HOW_TOLD))  # type: ignore[arg-type]
    except AssertionError as broken:
        raise TrialFailed(f"a story broke: {broken}") from broken
    return Outcome("random stories", world.name, stories, None, f"{stories} stories as the model tells them")


def _outage(name: str, world: World, servers: Servers | None, scale: float, tick: Tick) -> Outcome:
    assert servers is not None
    fault, lasts = (outages.BROKER | outages.DATABASE)[name]
    rounds = _times(5, scale)
    return outages.flows_again_after(name, fault, world, servers, lasts_seconds=lasts, rounds=rounds, tick=tick)


TRIALS: tuple[Trial, ...] = (
    Trial("crash points", True, True, _crash_points),
    Trial("migrations", True, True, _migrations),
    Trial("random kills", True, True, _random_kills),
    Trial("zombies", True, True, _zombies),
    Trial("leaving", True, True, _leaving),
    Trial("full disk", True, False, _full_disk),
    Trial("jumping clock", True, True, _jumping_clock),
    Trial("random stories", True, False, _random_stories),
    *(Trial(name, False, True, partial(_outage, name)) for name in (*outages.BROKER, *outages.DATABASE)),
)
