"""Wakes the relay of another process on PostgreSQL: `serve` writes the outbox, `work` carries it.

The word goes out on a connection of its own, right after the commit and then at most every few milliseconds: NOTIFY
inside the writing transaction takes a database-wide lock at commit and cost 45 % of commits when measured. A word that
is lost costs a relay's poll (250 ms), never a fact.
"""

from threading import Event as Flag
from threading import Thread

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared.messaging.backoff import Backoff
from shared.messaging.signal import outbox_heard, wait_for_own_write
from shared.observability.logging import get_logger

CHANNEL = "afterglow_outbox"
_QUIET_SECONDS = 0.01
_WAIT_SECONDS = 0.5
_log = get_logger(__name__)


def start_outbox_notifier(engine: Engine, stop: Flag) -> Thread | None:
    """For a process that writes but doesn't relay: tell the relay's process after each commit.

    None on SQLite, where relay and writer share a process. Ends soon after `stop` is set.
    """
    if engine.dialect.name != "postgresql":
        return None
    thread = Thread(target=_notify_until, args=(engine, stop), name="outbox-notify", daemon=True)
    thread.start()
    return thread


def _notify_until(engine: Engine, stop: Flag) -> None:
    seen = wait_for_own_write(-1, 0)
    backoff = Backoff()
    while not stop.is_set():
        now_seen = wait_for_own_write(seen, _WAIT_SECONDS)
        if now_seen == seen:
            continue
        seen = now_seen
        while backoff.waiting and not stop.is_set():
            stop.wait(0.1)
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"NOTIFY {CHANNEL}"))
            backoff.succeeded()
        except SQLAlchemyError as error:
            backoff.failed()
            _log.info("the relay could not be told; it looks by itself", reason=type(error).__name__)
        stop.wait(_QUIET_SECONDS)  # the next word is for all commits of a burst


class OutboxListener:
    """Listens for the word of other processes, on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, stop: Flag) -> None:
        backoff = Backoff()
        while not stop.is_set():
            try:
                self._listen(stop, backoff)
            except (psycopg.Error, SQLAlchemyError) as error:
                backoff.failed()
                _log.info("not listening for other processes just now", reason=type(error).__name__)
            while backoff.waiting and not stop.is_set():
                stop.wait(0.1)

    def _listen(self, stop: Flag, backoff: Backoff) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                connection.execute(text(f"LISTEN {CHANNEL}"))
                backoff.succeeded()
                raw = connection.connection.driver_connection
                assert isinstance(raw, psycopg.Connection)
                while not stop.is_set():
                    for _ in raw.notifies(timeout=_WAIT_SECONDS, stop_after=1):
                        outbox_heard()
            finally:
                connection.invalidate()  # never give a listening connection back to the pool
