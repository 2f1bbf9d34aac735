"""Named points at which a child process kills (or stops) itself: the product knows nothing of them.

They are hung on the statements that touch the tables of the guarantees, or on named functions of the product. A
function that is renamed fails at installing; a point that is never passed fails the trial that waited for it.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

from shared.messaging import inbox, parking, quarantine
from shared.messaging.batch import Applier
from shared.messaging.embedded import EmbeddedLog, _EmbeddedProducer
from shared.messaging.embedded_subscription import EmbeddedSubscription
from shared.messaging.kafka.producer import KafkaLogProducer
from shared.messaging.kafka.subscription import KafkaSubscription
from shared.messaging.relay import Relay
from shared.messaging.signal import outbox_written
from shared.store.unit_of_work import UnitOfWork
from tests.chaos.ledger import Ledger

Reached = Callable[[], None]
Install = Callable[[Reached], None]


@dataclass(frozen=True)
class Crash:
    """Die at the `passage`-th time (from 1) that `point` is passed; or only stop, as a machine that is suspended."""

    point: str
    passage: int = 1
    stop_only: bool = False


def install(crash: Crash, say: Callable[[str], None]) -> None:
    """Arm this process. `say` is told the point's name just before the end."""
    passed = 0

    def reached() -> None:
        nonlocal passed
        passed += 1
        if passed == crash.passage:
            say(crash.point)
            os.kill(os.getpid(), signal.SIGSTOP if crash.stop_only else signal.SIGKILL)

    POINTS[crash.point](reached)


def _before(owner: Any, name: str) -> Install:
    def wrap(reached: Reached) -> None:
        real = getattr(owner, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            reached()
            return real(*args, **kwargs)

        setattr(owner, name, wrapped)

    return wrap


def _after(owner: Any, name: str) -> Install:
    def wrap(reached: Reached) -> None:
        real = getattr(owner, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            done = real(*args, **kwargs)
            reached()
            return done

        setattr(owner, name, wrapped)

    return wrap


def _both(*installs: Install) -> Install:
    """The same point of both adapters; a process has only one of them."""

    def wrap(reached: Reached) -> None:
        for each in installs:
            each(reached)

    return wrap


def _statement(begins: str, when: str) -> Install:
    def listen(reached: Reached) -> None:
        def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.lstrip().startswith(begins):
                reached()

        event.listen(Engine, f"{when}_cursor_execute", look)

    return listen


def _commit_after(begins: str) -> Install:
    """Just before the commit of a transaction that has run such a statement."""

    def listen(reached: Reached) -> None:
        ran: set[int] = set()

        def look(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.lstrip().startswith(begins):
                ran.add(id(connection))

        def commits(connection: Connection) -> None:
            if id(connection) in ran:
                ran.discard(id(connection))
                reached()

        event.listen(Engine, "after_cursor_execute", look)
        event.listen(Engine, "commit", commits)
        event.listen(Engine, "rollback", lambda connection: ran.discard(id(connection)))

    return listen


def _after_a_commit_with_outbox_rows(reached: Reached) -> None:
    real = UnitOfWork.commit

    def commit(self: UnitOfWork) -> None:
        published = outbox_written in self._after_commit
        real(self)
        if published:
            reached()

    UnitOfWork.commit = commit  # type: ignore[method-assign]


# what a writer passes
WRITING: dict[str, Install] = {
    "after the domain's rows": _statement("INSERT INTO outbox_counter", "before"),
    "after an outbox row": _statement("INSERT INTO outbox ", "after"),
    "before the commit": _commit_after("INSERT INTO outbox "),
    "after the commit": _after_a_commit_with_outbox_rows,
}
# what a relay passes
RELAYING: dict[str, Install] = {
    "before producing": _both(_before(KafkaLogProducer, "publish"), _before(_EmbeddedProducer, "publish")),
    "while producing": _both(_after(KafkaLogProducer, "_send_all"), _after(EmbeddedLog, "_insert")),
    "before the acknowledgement": _both(_before(KafkaLogProducer, "_failure"), _after(EmbeddedLog, "append")),
    "after the acknowledgement": _both(_after(KafkaLogProducer, "publish"), _after(_EmbeddedProducer, "publish")),
    "before the delete": _statement("DELETE FROM outbox", "before"),
    "after the delete": _after(Relay, "_forget"),
}
# what a consumer passes
CONSUMING: dict[str, Install] = {
    "after the fence": _after(inbox, "take_fences"),
    "in the middle of a batch": _after(Ledger, "apply"),
    "after the positions": _after(inbox, "save_positions"),
    "after the fence is moved": _after(inbox, "move_fences"),
    "before the consumer's commit": _commit_after("INSERT INTO applied"),
    "between the database's and the log's commit": _both(
        _before(KafkaSubscription, "commit"), _before(EmbeddedSubscription, "commit")
    ),
    "after the log's commit": _both(_after(KafkaSubscription, "commit"), _after(EmbeddedSubscription, "commit")),
    "in parking": _after(parking, "park"),
    "in a retry": _before(parking, "release"),
    "in quarantine": _after(quarantine, "put_in_quarantine"),
    "in a replay": _after(Applier, "take_again"),
    "after the fence was set back": _after(inbox, "take_fences"),
    "before the fence": _before(inbox, "take_fences"),
}
MIGRATING: dict[str, Install] = {"in a migration": _statement("CREATE TABLE", "after")}
POINTS: dict[str, Install] = WRITING | RELAYING | CONSUMING | MIGRATING
