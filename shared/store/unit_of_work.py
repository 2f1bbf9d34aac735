"""One transaction for all that one act changes: rows, audit entries, inbox and outbox.

Whoever lets an act in (a web request, a consumed batch, a timed job) opens the unit of work and commits it by leaving
the `with` block; use cases work inside it and never commit. See docs/adr/0003-the-entrance-commits.md.
"""

from collections.abc import Callable
from types import TracebackType

from sqlalchemy import Engine
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
        bound = engine.execution_options(**{READ_ONLY: True}) if read_only else engine
        self.session = Session(bound, expire_on_commit=False)
        self.actor = actor
        self.correlation_id = correlation_id
        self.traceparent = traceparent
        self._after_commit: list[Callable[[], None]] = []

    def after_commit(self, act: Callable[[], None]) -> None:
        if act not in self._after_commit:
            self._after_commit.append(act)

    def commit(self) -> None:
        """Only for the entrance; leaves the unit usable for the next transaction (a consumer's next batch)."""
        self.session.commit()
        acts, self._after_commit = self._after_commit, []
        for act in acts:
            act()

    def __enter__(self) -> "UnitOfWork":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.commit()
            else:
                self.session.rollback()
        finally:
            self.session.close()
