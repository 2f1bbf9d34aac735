"""What EVENTS.md promises, at the scale of a test run: `make chaos` does the same things a thousand times.

Each ends with the auditor: nothing lost, nothing doubled, nothing out of order for a patient, nothing left lying.
"""

import pytest

from tests.chaos import crash_points, kills, machine, pauses
from tests.chaos.crash_points import CONSUMING, RELAYING, WRITING, Crash
from tests.chaos.report import Tick
from tests.chaos.world import TrialFailed, World

pytestmark = pytest.mark.timeout(300)


def test_a_death_at_any_named_point_loses_and_doubles_nothing(world: World, tick: Tick) -> None:
    outcome = kills.at_every_point(world, passages=(1,), tick=tick)
    assert outcome.rounds == len(WRITING) + len(RELAYING) + len(CONSUMING)


def test_a_migration_that_was_killed_is_whole_the_second_time(world: World, tick: Tick) -> None:
    kills.in_migrations(world, statements=(3,), tick=tick)


def test_random_deaths_lose_and_double_nothing(world: World, tick: Tick) -> None:
    outcome = kills.at_random(world, kills=10, events=1500, tick=tick)
    assert outcome.found is not None
    assert outcome.found.promised >= 1500


def test_a_worker_that_was_thought_dead_is_refused_when_it_wakes(world: World, tick: Tick) -> None:
    assert pauses.zombies(world, rounds=4, tick=tick).rounds == 4


def test_a_worker_that_is_told_to_leave_in_the_middle_of_work_leaves_nothing_half_done(
    world: World, tick: Tick
) -> None:
    pauses.leaving(world, rounds=5, tick=tick)


def test_a_full_disk_refuses_and_corrupts_nothing(embedded: World, tick: Tick) -> None:
    machine.full_disk(embedded, rounds=1, tick=tick)


def test_a_clock_that_jumps_keeps_nobody_waiting_and_nothing_from_order(embedded: World, tick: Tick) -> None:
    machine.jumping_clock(embedded, rounds=2, tick=tick)


def test_a_point_that_is_never_passed_fails_the_trial(embedded: World) -> None:
    with pytest.raises(TrialFailed, match="after the delete"):
        kills.die_at(embedded, {}, Crash("after the delete", passage=10**6), within_seconds=2)


def test_a_function_that_was_renamed_fails_the_trial() -> None:
    with pytest.raises(AttributeError):
        crash_points._after(kills, "renamed")(lambda: None)
