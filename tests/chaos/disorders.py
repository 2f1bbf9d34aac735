"""What is wrong with a child's machine while the board says so: its clock, disk, pool, broker's metadata, luck."""

import resource
import time
from datetime import datetime, timedelta, tzinfo
from threading import Thread
from typing import Any

from kafka.cluster import ClusterMetadata
from psycopg.errors import SerializationFailure
from sqlalchemy import Connection, Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import SQLAlchemyError

from shared.kernel import clock
from tests.chaos.board import Board

_NOBODY = 99


def install(board: Board) -> None:
    _step_the_clock(board)
    _name_absent_leaders(board)
    _fail_to_serialise(board)


def hog_the_pool(board: Board, engine: Engine) -> None:
    """Start a thread that takes each connection of the pool that it can get, while the board says so."""

    def hog() -> None:
        while True:
            time.sleep(0.1)
            taken: list[Connection] = []
            while board.read("hog_pool"):
                try:
                    taken.append(engine.connect())
                except SQLAlchemyError:
                    time.sleep(0.05)
            for connection in taken:
                connection.close()

    Thread(target=hog, daemon=True).start()


def limit_files(most_bytes: int) -> None:
    """No file of this process grows beyond; what a full disk is to a program. The limit can be lifted from outside."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


def _step_the_clock(board: Board) -> None:
    class Stepped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=board.read("clock_seconds"))

    clock.datetime = Stepped  # type: ignore[misc]


def _name_absent_leaders(board: Board) -> None:
    update = ClusterMetadata.update_metadata

    def update_metadata(self: Any, metadata: Any) -> Any:
        if board.read("absent_leader"):
            for topic in metadata.topics:
                for partition in topic.partitions:
                    partition.leader_id = _NOBODY
        return update(self, metadata)

    ClusterMetadata.update_metadata = update_metadata


def _fail_to_serialise(board: Board) -> None:
    do_commit = DefaultDialect.do_commit
    commits = 0

    def commit(self: DefaultDialect, connection: Any) -> None:
        nonlocal commits
        commits += 1
        chance = board.read("fail_commits")
        if chance and commits % chance == 0:
            connection.rollback()  # as the server has, when it says so
            raise SerializationFailure("could not serialize access due to concurrent update")
        do_commit(self, connection)

    DefaultDialect.do_commit = commit  # type: ignore[method-assign]
