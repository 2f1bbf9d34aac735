"""Three facts in ten arrive twice, partitions come and go, and everything is read again from the beginning, twice: each
of the four real services knows exactly what it knows after one clean run. On PostgreSQL and Kafka as well, where what
they know is the same as on SQLite and the embedded log."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.registry import REGISTRY
from shared.messaging import replays
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.hostility import Hostile
from shared.messaging.log import EventLog, Producer, Record, open_log
from shared.messaging.replays import ReplayState, Wanted
from shared.store.engine import open_engine
from shared.store.migrate import upgrade
from tests.chaos.state_hash import rows_of, state_of
from tests.support.containers import database_on
from tests.support.house import MORNING, SERVICES, House
from tests.support.scene import Scene

_DUPLICATES = 0.3


class HostileHouse(House):
    def _open_log(self) -> EventLog:
        return EmbeddedLog(
            self.folder / "events.db", hostility=Hostile(seed=1, duplicate=_DUPLICATES, shuffle=0.5, rebalance=0.2)
        )


class HostileHouseOnServers(House):
    def __init__(self, folder: Path, urls: Mapping[str, str], events: str) -> None:
        for service, url in urls.items():
            engine = open_engine(url)
            upgrade(engine, service)
            engine.dispose()
        self.log: EventLog = DuplicatingLog(
            open_log(events, folder), Hostile(seed=1, duplicate=_DUPLICATES, shuffle=0.5)
        )
        self.log.ensure_topics()
        super().__init__(folder, urls=urls)

    def _open_log(self) -> EventLog:
        return self.log

    def close(self) -> None:
        super().close()
        self.log.close()


class DuplicatingLog:
    """A log whose producers send what a hostile one appends."""

    step_patience_seconds = 0.05

    def __init__(self, log: EventLog, hostility: Hostile) -> None:
        self._log, self._hostility = log, hostility

    def producer(self) -> Producer:
        return DuplicatingProducer(self._log.producer(), self._hostility)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


class DuplicatingProducer:
    def __init__(self, producer: Producer, hostility: Hostile) -> None:
        self._producer, self._hostility = producer, hostility

    def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        return self._hostility.publish(self._producer.publish, records)

    def close(self) -> None:
        self._producer.close()


def lived(house: House) -> Mapping[str, str]:
    """A patient's whole story, with something of every kind in every service; the ids it names."""
    for service in SERVICES:
        house.service(service)
    scene = Scene.build(house)
    house.run_workers()
    return {name: identity for name, identity in scene.ids.items() if name != "record_number"}


def read_again(house: House) -> int:
    """Order a replay of everything from offset zero at every consumer, and run it; the records read."""
    ordered = {}
    for contract in REGISTRY:
        for consumer in contract.consumers:
            with house.service(consumer).unit_of_work() as uow:
                wanted = Wanted(contract.topic, from_offset=0)
                ordered[uuid4()] = consumer
                replay_id = next(reversed(ordered))
                replays.order(uow.session, consumer, replay_id, wanted, by="test", at=MORNING)
    taken = 0
    for replay_id, consumer in ordered.items():
        for _ in range(200):
            house.service(consumer).worker.step()
            with house.service(consumer).unit_of_work() as uow:
                seen = replays.find(uow.session, consumer, replay_id)
            assert seen is not None
            if seen.state is ReplayState.DONE:
                break
        assert seen.state is ReplayState.DONE
        taken += seen.came_to.read
        assert seen.came_to.applied == 0
    house.run_workers()
    return taken


@pytest.fixture
def clean(tmp_path: Path) -> Iterator[House]:
    (tmp_path / "clean").mkdir()
    built = House(tmp_path / "clean")
    yield built
    built.close()


@pytest.fixture(params=["embedded", pytest.param("servers", marks=pytest.mark.docker)])
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    (tmp_path / "hostile").mkdir()
    with ExitStack() as stack:
        if request.param == "embedded":
            built: House = HostileHouse(tmp_path / "hostile")
        else:
            server, broker = request.getfixturevalue("postgres_url"), request.getfixturevalue("kafka_url")
            urls = {service: stack.enter_context(database_on(server)) for service in SERVICES}
            built = HostileHouseOnServers(tmp_path / "hostile", urls, f"{broker}/t{uuid4().hex[:10]}")
        stack.callback(built.close)
        yield built


def test_duplicates_and_two_replays_from_the_beginning_change_nothing(clean: House, hostile: House) -> None:
    wanted_names, names = lived(clean), lived(hostile)
    for service in SERVICES:
        assert rows_of(hostile, service, names) == rows_of(clean, service, wanted_names)
    expected = state_of(clean, wanted_names)
    for _ in range(2):
        assert read_again(hostile) > 0
        assert state_of(hostile, names) == expected
