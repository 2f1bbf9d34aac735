"""A world to hurt: on SQLite and the embedded log, and on the run's PostgreSQL and Kafka."""

from collections.abc import Iterator

import pytest

from tests.chaos.report import Tick
from tests.chaos.world import World, embedded_world, server_world
from tests.support.containers import kafka_url, postgres_url

__all__ = ["kafka_url", "postgres_url"]


@pytest.fixture(params=["embedded", pytest.param("servers", marks=pytest.mark.docker)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "embedded":
        with embedded_world(seed=1) as built:
            yield built
        return
    server, broker = request.getfixturevalue("postgres_url"), request.getfixturevalue("kafka_url")
    with server_world(server, broker, seed=1) as built:
        yield built


@pytest.fixture
def embedded() -> Iterator[World]:
    with embedded_world(seed=1) as built:
        yield built


@pytest.fixture
def tick() -> Tick:
    return lambda *_: None
