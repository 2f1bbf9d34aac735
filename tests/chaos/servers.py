"""A PostgreSQL server and a Kafka broker of a trial's own, to be hurt."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.containers import POSTGRES_IMAGE, free_port, kafka_container


@dataclass(frozen=True)
class Servers:
    """Addresses, and the containers themselves; their ports stay the same when they are started again."""

    postgres: str
    kafka: str
    database: Any
    broker: Any


@contextmanager
def servers() -> Iterator[Servers]:
    from testcontainers.community.postgres import PostgresContainer

    kafka_port, postgres_port = free_port(), free_port()
    broker = kafka_container(kafka_port)
    database = PostgresContainer(POSTGRES_IMAGE, username="chaos", password="chaos", dbname="chaos", driver="psycopg")
    database.ports["5432"] = ("127.0.0.1", postgres_port)
    database.with_tmpfs_mount("/small", "size=64m")
    broker.start()
    try:
        database.start()
        postgres = f"postgresql+psycopg://chaos:chaos@127.0.0.1:{postgres_port}/chaos"
        kafka = f"kafka://localhost:{kafka_port}"
        yield Servers(postgres, kafka, database.get_wrapped_container(), broker.get_wrapped_container())
    finally:
        database.stop()
        broker.stop()
