"""Three facts in ten arrive twice, partitions come and go, and everything is read again from the beginning, twice: each
of the four real services knows exactly what it knows after one clean run."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from shared.contracts.registry import REGISTRY
from shared.messaging import replays
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.hostility import Hostile
from shared.messaging.log import EventLog
from shared.messaging.replays import ReplayState, Wanted
from tests.chaos.state_hash import rows_of, state_of
from tests.support.house import MORNING, SERVICES, House
from tests.support.scene import Scene

_DUPLICATES = 0.3


class HostileHouse(House):
    def _open_log(self) -> EventLog:
        return EmbeddedLog(
            self.folder / "events.db", hostility=Hostile(seed=1, duplicate=_DUPLICATES, shuffle=0.5, rebalance=0.2)
        )


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


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[House]:
    (tmp_path / "hostile").mkdir()
    built = HostileHouse(tmp_path / "hostile")
    yield built
    built.close()


def test_duplicates_and_two_replays_from_the_beginning_change_nothing(clean: House, hostile: House) -> None:
    wanted_names, names = lived(clean), lived(hostile)
    for service in SERVICES:
        assert rows_of(hostile, service, names) == rows_of(clean, service, wanted_names)
    expected = state_of(clean, wanted_names)
    for _ in range(2):
        assert read_again(hostile) > 0
        assert state_of(hostile, names) == expected
