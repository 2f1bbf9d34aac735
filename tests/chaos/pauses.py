"""A worker that is suspended until it counts as dead, and wakes; one that is told to leave in the middle of work."""

import signal

from tests.chaos.crash_points import Crash
from tests.chaos.ledger import SERVICES
from tests.chaos.report import Outcome, Tick
from tests.chaos.world import Child, World, wait_for

SESSIONS_A_ROUND = 60
LEAVES_WITHIN_SECONDS = 25.0
_SUSPENDED = Crash("before the fence", stop_only=True)


def zombies(world: World, *, rounds: int, tick: Tick) -> Outcome:
    """In each round the worker of each service is suspended with records in its hands, another takes over, and the
    first wakes: the compare-and-set of the fence must refuse what it writes. Each one that wakes counts."""
    world.writer()
    refused = 0
    while refused < rounds:
        doomed = {service: world.worker(service, crash=_SUSPENDED) for service in SERVICES}
        successors = []
        for service in ("discharge", "integration", "maintenance", "intake"):  # as facts reach them
            _until_suspended(world, doomed[service])
            successors.append(world.worker(service, stumbles=100))
        world.allow(SESSIONS_A_ROUND)
        world.settle()
        for each in doomed.values():
            each.send(signal.SIGCONT)
        for each in doomed.values():
            each.wait_until_said("fenced")
            refused += 1
            tick("woke and was refused", min(refused, rounds), rounds)
        for each in (*doomed.values(), *successors):
            each.leave()
            world.children.remove(each)
    found = world.audited()
    return Outcome("zombies", world.name, refused, found, f"{refused} woke, each was refused by the fence")


def _until_suspended(world: World, doomed: Child) -> None:
    """Give it something to read until it stands still with it."""

    def suspended() -> bool:
        if _SUSPENDED.point in doomed.said():
            return True
        if world.promised_sessions() >= world.board.read("allowed"):
            world.allow(1)
        return False

    wait_for(suspended, f"a worker of {doomed.errand.service} has records in its hands")


def leaving(world: World, *, rounds: int, tick: Tick) -> Outcome:
    """Workers and writers are told to leave under full load: each does within 25 s, and nothing is half done."""
    living = [world.writer(), world.writer(), *world.workers(stumbles=100)]
    took: list[float] = []
    for number in range(rounds):
        tick("told to leave under load", number, rounds)
        world.allow(500)
        before = world.promised_sessions()
        wait_for(lambda before=before: world.promised_sessions() > before, "facts flow")
        told = world.random.choice(living)
        told.wait_until_said("began")
        took.append(told.leave(LEAVES_WITHIN_SECONDS))
        living.remove(told)
        living.append(world.again(told))
    world.board.write("allowed", world.promised_sessions())
    world.settle()
    found = world.audited()
    return Outcome("leaving", world.name, rounds, found, f"{rounds} left, the slowest in {max(took):.1f} s", took)
