"""One relay a database: the leader holds a PostgreSQL advisory lock for as long as its connection lives.

The server ends that connection, and so the lead, when its leader asks nothing for 20 s: a suspended process would keep
the lock, and every fact of its service, for as long as it sleeps. That is longer than any publishing takes.

On SQLite everybody leads: writers queue there anyway, and a second relay only repeats what consumers drop.
"""

import zlib

from sqlalchemy import Connection, Engine, func, select, text

from shared.store.engine import READ_ONLY

IDLE_SECONDS = 20.0


class Leadership:
    """Lends the leader's own connection, so that whoever lost the lock has also lost the means to act on it."""

    def __init__(self, engine: Engine, service: str) -> None:
        self._engine = engine
        self._key = zlib.crc32(f"relay {service}".encode())
        self._held: Connection | None = None

    @property
    def needs_lock(self) -> bool:
        return self._engine.dialect.name == "postgresql"

    @property
    def leads(self) -> bool:
        return self._held is not None or not self.needs_lock

    def reading(self) -> Connection | None:
        """A connection to read with, committing by itself, or None while another process leads. See `done`."""
        if not self.needs_lock:
            return self._engine.connect().execution_options(**{READ_ONLY: True})
        return self._lead()

    def writing(self) -> Connection | None:
        """A connection to delete with; call `commit` on it. None while another process leads. See `done`."""
        return self._lead() if self.needs_lock else self._engine.connect()

    def done(self, connection: Connection) -> None:
        """Give back what `reading` or `writing` lent."""
        if connection is not self._held:
            connection.close()

    def resign(self) -> None:
        """Give the lock up, or let go of a connection that broke."""
        held, self._held = self._held, None
        if held is not None:
            held.invalidate()  # closing it for real is what frees the lock
            held.close()

    def _lead(self) -> Connection | None:
        if self._held is not None:
            return self._held
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(select(func.pg_try_advisory_lock(self._key))).scalar_one():
            connection.execute(text(f"SET idle_session_timeout = {int(IDLE_SECONDS * 1000)}"))
            # it only deletes what the log has acknowledged: a deletion that a server's crash undoes is a repetition,
            # which consumers drop, and need not wait for the disk
            connection.execute(text("SET synchronous_commit = off"))
            self._held = connection
            return connection
        connection.close()
        return None
