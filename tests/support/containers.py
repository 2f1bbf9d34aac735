"""Real Kafka and real PostgreSQL, one of each for the whole run; a topic prefix and a database for each test.

Without a Docker engine their tests are skipped by name; with REQUIRE=all they fail instead.
"""

import atexit
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

KAFKA_IMAGE = "apache/kafka:4.3.1"
POSTGRES_IMAGE = "postgres:17"


@pytest.fixture(scope="session")
def kafka_url() -> str:
    """`kafka://host:port` of a single broker with no topics; see `kafka_events` for a test's own prefix."""
    need_docker()
    return _start_kafka()


@pytest.fixture
def kafka_events(kafka_url: str) -> str:
    """`kafka://host:port/PREFIX`, for one test."""
    return f"{kafka_url}/t{uuid4().hex[:10]}"


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """SQLAlchemy URL of a database server; see `postgres_database` for a test's own database."""
    need_docker()
    return _start_postgres()


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """SQLAlchemy URL of an empty database, for one test."""
    with database_on(postgres_url) as url:
        yield url


@contextmanager
def database_on(server: str) -> Iterator[str]:
    """SQLAlchemy URL of an empty database on the server at `server`, dropped afterwards."""
    name = f"t{uuid4().hex[:10]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@cache
def docker_away() -> str:
    """Why Docker can't be used, or nothing."""
    import docker

    try:
        client = docker.from_env()
        client.ping()
        client.close()
    except Exception as error:
        return f"needs Docker, which doesn't answer here ({type(error).__name__})"
    return ""


def kafka_container(port: int) -> Any:
    """A single KRaft broker that answers at localhost:`port`, not started yet."""
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    container = DockerContainer(KAFKA_IMAGE)
    container.ports[str(port)] = ("127.0.0.1", port)  # loopback only, which with_bind_ports can't say
    for name, value in {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://:29093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://localhost:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:29093",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "3",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS": "500",  # trials that kill members again and again can't wait for 6 s
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_HEAP_OPTS": "-Xmx400m",
    }.items():
        container = container.with_env(name, value)
    return container.waiting_for(LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(120))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@cache
def _start_kafka() -> str:
    port = free_port()
    container = kafka_container(port)
    container.start()
    atexit.register(container.stop)
    return f"kafka://localhost:{port}"


@cache
def _start_postgres() -> str:
    from testcontainers.community.postgres import PostgresContainer

    container = PostgresContainer(POSTGRES_IMAGE, driver="psycopg")
    container.start()
    atexit.register(container.stop)
    url: str = container.get_connection_url()
    return url


def need_docker() -> None:
    reason = docker_away()
    if reason and os.environ.get("REQUIRE") == "all":
        pytest.fail(f"REQUIRE=all, and this {reason}")
    if reason:
        pytest.skip(reason)
