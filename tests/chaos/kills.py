"""SIGKILL: by name at each crash point, then at random, many times, while facts flow."""

import signal
import time
from uuid import uuid4

from sqlalchemy import update

from shared.kernel.clock import machine_now
from shared.kernel.people import the_service
from shared.messaging import replays
from shared.messaging.inbox import consumer_offset
from shared.messaging.replays import Wanted
from shared.store.engine import open_engine
from shared.store.unit_of_work import UnitOfWork
from tests.chaos import auditor
from tests.chaos.auditor import ROUTES
from tests.chaos.crash_points import CONSUMING, RELAYING, WRITING, Crash
from tests.chaos.ledger import SERVICES
from tests.chaos.report import Outcome, Tick
from tests.chaos.world import NOISY, Child, TrialFailed, World, wait_for

SESSIONS_A_POINT = 60
_FED_AGAIN_AFTER_SECONDS = 5.0
# so many may lie between the first promise and the last act: enough for all to be busy, ten a patient's line
SESSIONS_UNDER_WAY = 2000


def at_every_point(world: World, *, passages: tuple[int, ...], tick: Tick) -> Outcome:
    """One process dies at each point, at each of these passages; the rest goes on, and it is started again."""
    named = [(point, passage) for point in (*WRITING, *RELAYING, *CONSUMING) for passage in passages]
    workers = {each.errand.service: each for each in world.workers(stumbles=40)}
    for number, (point, passage) in enumerate(named):
        tick(f"killed {point}", number, len(named))
        die_at(world, workers, Crash(point, passage))
    world.settle()
    for consumer in ROUTES[NOISY][1]:
        wait_for(
            lambda url=world.stores[consumer]: auditor.sealed(url) == world.unreadable, "what can't be read is sealed"
        )
    wait_for(lambda: auditor.replays_under_way(world.stores["discharge"]) == 0, "the replays end")
    found = world.audited()
    points = len(named) // len(passages)
    return Outcome("crash points", world.name, len(named), found, f"{len(named)} deaths at {points} points")


def die_at(world: World, workers: dict[str, Child], crash: Crash, *, within_seconds: float = 60.0) -> None:
    """Start a process that dies there, feed it until it does, and start its successor; fails when it doesn't."""
    writer: Child | None = None
    if crash.point in WRITING:
        victim = world.writer(crash=crash)
    else:
        service = "intake" if crash.point in RELAYING else "discharge"
        if service in workers:
            workers[service].kill()
            world.children.remove(workers[service])
        _prepare(world, crash)
        # often enough for a line to be parked soon, seldom enough not to look like a bad release
        stumbles = 8 if crash.point in {"in parking", "in a retry"} else 40
        victim = world.worker(service, stumbles=stumbles, crash=crash)
        workers[service] = victim
        writer = world.writer()
    give_up = time.monotonic() + within_seconds
    while victim.alive:
        if time.monotonic() >= give_up:
            raise TrialFailed(f"not within {within_seconds:.0f} s: {crash.point}, passage {crash.passage}")
        # more now and then: how often a point is passed hangs on how much a batch takes
        world.allow(SESSIONS_A_POINT)
        victim.process.join(min(_FED_AGAIN_AFTER_SECONDS, within_seconds))
    if victim.process.exitcode != -signal.SIGKILL or crash.point not in victim.said():
        raise TrialFailed(f"{crash.point} was not what ended it: {victim.process.exitcode}, {victim.said()}")
    successor = world.again(victim)
    if writer is None:
        writer = successor
    else:
        workers[victim.errand.service] = successor
    wait_for(lambda: world.promised_sessions() >= world.board.read("allowed"), "the writers go on")
    writer.leave()
    world.children.remove(writer)


def in_migrations(world: World, *, statements: tuple[int, ...], tick: Tick) -> Outcome:
    """Each service's migration dies after so many tables; running it again makes exactly what one clean run makes."""
    rounds = [(service, statement) for service in SERVICES for statement in statements]
    for number, (service, statement) in enumerate(rounds):
        tick("killed in a migration", number, len(rounds))
        clean, broken = world.empty_store(), world.empty_store()
        died = world.migration(service, broken, crash=Crash("in a migration", statement))
        died.process.join(60)
        if died.process.exitcode != -signal.SIGKILL:
            raise TrialFailed(f"the migration of {service} was not killed: {died.process.exitcode}")
        for store in (clean, broken):
            whole = world.migration(service, store)
            whole.process.join(60)
            if "left" not in whole.said():
                raise TrialFailed(f"the migration of {service} did not end: {whole.process.exitcode}")
        if auditor.shape(clean) != auditor.shape(broken):
            raise TrialFailed(f"a killed migration of {service} left another shape behind")
    return Outcome("migrations", world.name, len(rounds), None, f"{len(rounds)} killed, each whole the second time")


def _prepare(world: World, crash: Crash) -> None:
    """What discharge's worker, which isn't running, must find to come to this point."""
    match crash.point:
        case "in quarantine":
            world.write_unreadable(crash.passage)
        case "in a replay":
            _order_replays(world, crash.passage)
        case "after the fence was set back":
            _set_fences_back(world)


def _order_replays(world: World, number: int) -> None:
    engine = open_engine(world.stores["discharge"], pool_size=1)
    with UnitOfWork(engine, actor=the_service("discharge"), correlation_id="chaos") as uow:
        for _ in range(number):
            replays.order(uow.session, "discharge", uuid4(), Wanted(NOISY), by="chaos", at=machine_now())
    engine.dispose()


def _set_fences_back(world: World) -> None:
    """To the beginning: all is live once more, and only the keys' positions stand against doing it again."""
    engine = open_engine(world.stores["discharge"], pool_size=1)
    with engine.begin() as connection:
        connection.execute(
            update(consumer_offset).where(consumer_offset.c.consumer == "discharge").values(next_offset=0)
        )
    engine.dispose()


def at_random(world: World, *, kills: int, events: int, tick: Tick) -> Outcome:
    """`kills` processes die at any moment while about `events` are promised and applied. Some services have two
    workers, so that members come and go, and one that was thought dead may still write."""
    sessions = events // 4
    living = [world.writer(rows=20), world.writer(rows=20), *world.workers(stumbles=100)]
    living.append(world.worker(world.random.choice(("discharge", "integration", "maintenance")), stumbles=100))
    done = 0
    began = moved = time.monotonic()
    while (here := _applied_sessions(world)) < sessions or done < kills:
        if time.monotonic() > world.leave_off_at:
            break
        world.mourn()
        world.board.write("allowed", min(sessions, here + SESSIONS_UNDER_WAY))
        # where time is short, the kills keep to it, and fall more densely than the events would have them
        due = int(kills * max(here / sessions, (time.monotonic() - began) / (world.leave_off_at - began)))
        if done < min(due, kills) or time.monotonic() - moved > 20 or here >= sessions:
            time.sleep(world.random.uniform(0, 0.1))
            victim = world.random.choice(living)
            living.remove(victim)
            victim.kill()
            living.append(world.again(victim))
            done += 1
            moved = time.monotonic()
        else:
            time.sleep(0.1)
        tick(f"{done} killed, {4 * here} events applied", 4 * here, 4 * sessions)
    world.board.write("allowed", min(sessions, world.promised_sessions()))
    world.settle(look=lambda: tick(f"{done} killed, at rest soon", 4 * _applied_sessions(world), 4 * sessions))
    found = world.audited()
    short = "" if done >= kills else f", short of {kills}: time was up"
    return Outcome("random kills", world.name, done, found, f"{done} kills over {found.promised} events{short}")


def _applied_sessions(world: World) -> int:
    """How many of the sessions have gone the whole way: what maintenance applied of the chain's third event."""
    reached = "SELECT coalesce(sum(last_seq), 0) FROM key_position WHERE topic = 'journal-submitted'"
    return auditor._one(world.stores["maintenance"], reached)
