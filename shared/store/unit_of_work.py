"""One transaction for all that one act changes: rows, audit entries, inbox and outbox.

Whoever lets an act in (a web request, a consumed batch, a timed job) opens the unit of work and commits it by leaving
the `with` block; use cases work inside it and never commit. See docs/adr/0003-the-entrance-commits.md.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from shared.kernel.people import Actor
from shared.store.engine import READ_ONLY


class UnitOfWork:
    """Commits when its block ends well, rolls back when it raises.

    `actor` is who acts; `correlation_id` and `traceparent` are carried into events. Functions given to `after_commit`
    run once the facts are on disk (they wake the relay); they must not raise.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        actor: Actor,
        correlation_id: str,
        traceparent: str | None = None,
        read_only: bool = False,
    ) -> None:
        self._engine = engine
        self._read_only = read_only
        self._connection: Connection | None = None
        self._session: Session | None = None
        self.actor = actor
        self.correlation_id = correlation_id
        self.traceparent = traceparent
        self._after_commit: list[Callable[[], None]] = []

    @property
    def connection(self) -> Connection:
        """For plain statements, in the same transaction as `session`'s. What a session still holds isn't seen."""
        if self._session is not None:
            # through the session: only so its savepoints hold plain statements too
            return self._session.connection()
        if self._connection is None:
            self._connection = self._engine.connect()
            if self._read_only:
                self._connection = self._connection.execution_options(**{READ_ONLY: True})
        return self._connection

    @property
    def session(self) -> Session:
        """For rows as objects. Made when first asked for: acts of plain statements are spared its cost."""
        if self._session is None:
            self._session = Session(self.connection, expire_on_commit=False, join_transaction_mode="control_fully")
        return self._session

    def after_commit(self, act: Callable[[], None]) -> None:
        if act not in self._after_commit:
            self._after_commit.append(act)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """When its block raises, undo what was done in it, what waits for the commit included; the rest stands."""
        waiting = list(self._after_commit)
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            self._after_commit = waiting
            raise

    def commit(self) -> None:
        """Only for the entrance; leaves the unit usable for another transaction."""
        if self._session is not None:
            self._session.commit()
        if self._connection is not None:
            self._connection.commit()
        acts, self._after_commit = self._after_commit, []
        for act in acts:
            act()

    def rollback(self) -> None:
        """Undo all of it, what waits for the commit included."""
        if self._session is not None:
            self._session.rollback()
        if self._connection is not None:
            self._connection.rollback()
        self._after_commit.clear()

    def __enter__(self) -> "UnitOfWork":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.commit()
            else:
                self.rollback()
        finally:
            self._close()

    def _close(self) -> None:
        try:
            if self._session is not None:
                self._session.close()
        finally:
            if self._connection is not None:
                self._connection.close()
            self._session = self._connection = None
