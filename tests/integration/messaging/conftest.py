"""The containers' fixtures, and two services of the test bus on PostgreSQL and Kafka."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.messaging.log import EventLog, open_log
from shared.store.engine import open_engine
from tests.support.bus import Desk, create_tables
from tests.support.containers import kafka_events, kafka_url, postgres_database, postgres_url

__all__ = ["kafka_events", "kafka_url", "postgres_database", "postgres_url"]


@pytest.fixture
def kafka_log(kafka_events: str, tmp_path: Path) -> Iterator[EventLog]:
    log = open_log(kafka_events, tmp_path)
    log.ensure_topics()
    yield log
    log.close()


@pytest.fixture
def embedded_log(tmp_path: Path) -> Iterator[EventLog]:
    log = open_log("embedded", tmp_path)
    yield log
    log.close()


@pytest.fixture
def on_postgres(postgres_database: str) -> str:
    """URL of a database that has the tables of the test bus."""
    engine = open_engine(postgres_database)
    create_tables(engine)
    engine.dispose()
    return postgres_database


@contextmanager
def desk_on(url: str, service: str, log: EventLog, *, consumes: bool) -> Iterator[Desk]:
    engine = open_engine(url)
    create_tables(engine)
    desk = Desk(service, engine, log, consumes=consumes)
    yield desk
    desk.worker.close()
    engine.dispose()
