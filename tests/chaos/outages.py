"""The broker or the database goes away while facts flow; everything has to flow again by itself, soon after its end."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from shared.kernel.clock import monotonic
from tests.chaos.report import Outcome, Tick
from tests.chaos.servers import Servers
from tests.chaos.world import World, wait_for

RECOVERED_WITHIN_SECONDS = 10.0
_NEW_SESSIONS = 20
# a block that lasts as long as the fault
Fault = Callable[[World, Servers], Any]


def flows_again_after(
    name: str, fault: Fault, world: World, servers: Servers, *, lasts_seconds: float, rounds: int, tick: Tick
) -> Outcome:
    """Facts flow; `fault` comes and goes; then all that was promised, and what is promised now, is applied everywhere
    within 10 s of its end, beside what this machine needs for that without any fault. Nobody restarts anything."""
    took: list[float] = []
    # how soon a worker notices is what is tried here: all of its patience is the product's own
    present = [world.writer(rows=3, pause_seconds=0.3), *world.workers(stumbles=100, session_ms=None)]
    _flow(world)
    _drained(world)  # with all that only a beginning takes: joining the group, first connections
    _flow(world)
    usual = _drained(world)
    for number in range(rounds):
        tick(name, number, rounds)
        _flow(world)
        with fault(world, servers):
            time.sleep(lasts_seconds)
        took.append(_drained(world))
    for each in present:
        each.kill()
        world.children.remove(each)
    found = world.audited()
    told = f"all was applied {max(took):.1f} s after it, where {usual:.1f} s are usual here"
    outcome = Outcome(name, world.name, rounds, found, told, took)
    if max(took) - usual > RECOVERED_WITHIN_SECONDS:
        outcome.failed = f"{told}: more than {RECOVERED_WITHIN_SECONDS:.0f} s later"
    return outcome


def _flow(world: World) -> None:
    world.allow(10**6)
    before = world.promised_sessions()
    wait_for(lambda: world.promised_sessions() > before + _NEW_SESSIONS, "facts flow")


def _drained(world: World) -> float:
    """Seconds from now until all that is promised, and some sessions more, has gone the whole way."""
    began = monotonic()
    world.board.write("allowed", world.promised_sessions() + _NEW_SESSIONS)
    world.settle()
    return monotonic() - began


@contextmanager
def broker_restarts(_: World, servers: Servers) -> Iterator[None]:
    servers.broker.restart(timeout=5)
    yield
    _until_broker_answers(servers)


@contextmanager
def broker_pauses(_: World, servers: Servers) -> Iterator[None]:
    servers.broker.pause()
    yield
    servers.broker.unpause()


@contextmanager
def broker_is_killed(_: World, servers: Servers) -> Iterator[None]:
    servers.broker.kill()
    yield
    servers.broker.start()
    _until_broker_answers(servers)


@contextmanager
def broker_is_cut_off(_: World, servers: Servers) -> Iterator[None]:
    network = servers.broker.client.networks.get("bridge")
    network.disconnect(servers.broker)
    yield
    network.connect(servers.broker)
    _until_broker_answers(servers)


@contextmanager
def metadata_names_an_absent_leader(world: World, _: Servers) -> Iterator[None]:
    world.board.write("absent_leader", 1)
    yield
    world.board.write("absent_leader", 0)


@contextmanager
def database_restarts(_: World, servers: Servers) -> Iterator[None]:
    servers.database.restart(timeout=5)
    yield
    _until_database_answers(servers)


@contextmanager
def database_is_killed(_: World, servers: Servers) -> Iterator[None]:
    servers.database.kill()
    yield
    servers.database.start()
    _until_database_answers(servers)


@contextmanager
def connections_are_terminated(_: World, servers: Servers) -> Iterator[None]:
    with psycopg.connect(_plain(servers), autocommit=True) as admin:
        _terminate(admin)
        yield
        _terminate(admin)


@contextmanager
def commits_fail_to_serialise(world: World, servers: Servers) -> Iterator[None]:
    """Every transaction is serializable for a while, so that many fail; so does one commit in three, of any kind."""
    _isolate(world, servers, "serializable")
    world.board.write("fail_commits", 3)
    yield
    world.board.write("fail_commits", 0)
    _isolate(world, servers, "read committed")


@contextmanager
def server_has_no_connection_left(_world: World, servers: Servers) -> Iterator[None]:
    with ExitStack() as taken:
        admin = taken.enter_context(psycopg.connect(_plain(servers, "hog"), autocommit=True))
        for _ in range(3):  # whoever was sent away is quick to come again
            _terminate(admin)
            with suppress(psycopg.OperationalError):
                while True:
                    taken.enter_context(psycopg.connect(_plain(servers, "hog")))
        yield
    _until_database_answers(servers)  # it notices a little later that they are gone


@contextmanager
def pool_is_exhausted(world: World, _: Servers) -> Iterator[None]:
    world.board.write("hog_pool", 1)
    yield
    world.board.write("hog_pool", 0)


@contextmanager
def database_has_no_room(world: World, servers: Servers) -> Iterator[None]:
    """The tables that grow lie on a small volume, which is full until it isn't."""
    _in_database(servers, "mkdir -p /small/tables && chown postgres /small/tables")
    with psycopg.connect(_plain(servers), autocommit=True) as admin, suppress(psycopg.errors.DuplicateObject):
        admin.execute("CREATE TABLESPACE small LOCATION '/small/tables'")
    for url in world.stores.values():
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as store:
            for table in ("applied", "promised", "outbox"):
                store.execute(f"ALTER TABLE {table} SET TABLESPACE small")
    _in_database(servers, "dd if=/dev/zero of=/small/ballast bs=64k; test -s /small/ballast")
    filler = world.writer(rows=20)
    wait_for(lambda: any(line.startswith("refused") for line in filler.said()), "a writer is refused")
    yield
    filler.leave()
    world.children.remove(filler)
    _in_database(servers, "rm /small/ballast")


BROKER: dict[str, tuple[Fault, float]] = {
    "broker restarts": (broker_restarts, 0.0),
    "broker pauses": (broker_pauses, 20.0),
    "broker is killed in the middle of a batch": (broker_is_killed, 5.0),
    "broker is cut off from the network": (broker_is_cut_off, 20.0),
    "metadata names an absent leader": (metadata_names_an_absent_leader, 20.0),
}
DATABASE: dict[str, tuple[Fault, float]] = {
    "database restarts": (database_restarts, 0.0),
    "database is killed": (database_is_killed, 15.0),
    "connections are terminated": (connections_are_terminated, 1.0),
    "commits fail to serialise": (commits_fail_to_serialise, 8.0),
    "server has no connection left": (server_has_no_connection_left, 12.0),
    "pool is exhausted": (pool_is_exhausted, 12.0),
    # the last: a database server that is started again later has lost the small volume
    "database has no room": (database_has_no_room, 10.0),
}


def _terminate(admin: psycopg.Connection) -> None:
    admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> 'hog'"
    )


def _in_database(servers: Servers, command: str) -> None:
    code, told = servers.database.exec_run(["sh", "-c", command], user="root")
    assert code == 0, told


def _isolate(world: World, servers: Servers, level: str) -> None:
    with psycopg.connect(_plain(servers), autocommit=True) as admin:
        for url in world.stores.values():
            name = url.rpartition("/")[2]
            admin.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = '{level}'")
        _terminate(admin)  # only new connections read the setting


def _plain(servers: Servers, application: str = "chaos") -> str:
    return servers.postgres.replace("postgresql+psycopg://", "postgresql://") + f"?application_name={application}"


def _until_database_answers(servers: Servers) -> None:
    def answers() -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(_plain(servers), connect_timeout=2):
            return True
        return False

    wait_for(answers, "the database answers")


def _until_broker_answers(servers: Servers) -> None:
    address = servers.kafka.removeprefix("kafka://")

    def answers() -> bool:
        try:
            admin = KafkaAdminClient(bootstrap_servers=address, bootstrap_timeout_ms=1000)
        except (KafkaError, OSError):
            return False
        try:
            return bool(admin.list_topics())
        except KafkaError:
            return False
        finally:
            admin.close()

    wait_for(answers, "the broker answers")
