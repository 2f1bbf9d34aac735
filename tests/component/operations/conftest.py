"""An operator at one service, where somebody is held back. The house's worker has handlers of the test's choosing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from shared.kernel.clock import machine_now
from shared.messaging.outbox import publish
from tests.support.desk import Desk
from tests.support.events import a_discharge_cleared
from tests.support.held_back import held_back
from tests.support.house import Client, House


@dataclass
class Held:
    """`parked_id` is the head of a line of integration's that waits on a person."""

    house: House
    client: Client
    parked_id: str

    def parked(self) -> list[dict[str, Any]]:
        return list(self.client.get("/parked").get_json()["items"])


@pytest.fixture
def operator(house: House) -> Client:
    return house.client("integration", role="operations")


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, "integration", role="operations")


@pytest.fixture
def hold(house: House, operator: Client) -> Callable[..., Held]:
    def held(**how: Any) -> Held:
        with house.service("integration").unit_of_work() as uow:
            parked_id = held_back(
                uow, "integration", "discharge-cleared", sealer=house.platform.sealer, at=machine_now(), **how
            )
        return Held(house, operator, parked_id)

    return held


@pytest.fixture
def leaves(house: House) -> Callable[..., None]:
    """Somebody leaves: discharge announces it."""

    def announce(**changes: Any) -> None:
        with house.service("discharge").unit_of_work() as uow:
            publish(uow, a_discharge_cleared(**changes), now=house.clock.at)

    return announce
