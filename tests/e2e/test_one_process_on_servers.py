"""The four services in one process, on real Kafka and real PostgreSQL instead of the embedded two."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.e2e.journey import ClockByHttp, walk
from tests.e2e.running import RunningHouse
from tests.support.containers import kafka_events, kafka_url, postgres_url  # noqa: F401 - fixtures
from tests.support.house import SERVICES

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


@pytest.fixture
def servers(kafka_events: str, postgres_url: str) -> dict[str, str]:  # noqa: F811 - the fixtures
    """Settings that name a broker with no topics yet, and an empty database a service."""
    environ = {"AFTERGLOW_EVENTS": kafka_events}
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for service in SERVICES:
            connection.execute(text(f"CREATE DATABASE walked_{service}"))
            url = make_url(postgres_url).set(database=f"walked_{service}")
            environ[f"AFTERGLOW_{service.upper()}_DATABASE"] = url.render_as_string(hide_password=False)
    admin.dispose()
    return environ


def test_a_patient_walks_the_same_journey_on_kafka_and_postgresql(tmp_path: Path, servers: dict[str, str]) -> None:
    options = ("--empty", "--at", "2026-03-07T21:20:00-05:00", "--speed", "0")
    with RunningHouse(tmp_path / "data", *options, environ=servers) as house:
        walked = walk(house.origin, house.token, ClockByHttp(house.origin))

    assert walked.explanations[0].endswith("42 days")
