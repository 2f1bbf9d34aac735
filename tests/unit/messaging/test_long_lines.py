"""What a parked line costs doesn't grow with what waits in it. Work is counted in SQLite's own steps, not timed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from shared.kernel.people import the_service
from shared.messaging import parking
from shared.messaging.parking import ParkedState, RetryRules, parked_event
from shared.store.unit_of_work import UnitOfWork
from tests.support.bus import NOON, TOPIC, Desk

_KEYS = ("a", "b", "c")
_DUE = NOON + timedelta(seconds=1)

Look = Callable[[Session], object]


def _due_lines(session: Session) -> object:
    return sorted(parking.due_lines(session, "intake", [TOPIC], at=_DUE, rules=RetryRules(), limit=20))


def _parked_keys(session: Session) -> object:
    return sorted(parking.parked_keys(session, "intake", TOPIC, [*_KEYS, "another"]))


def _front(session: Session) -> object:
    return [parked.key_seq for parked in parking.front_of(session, "intake", TOPIC, "a", limit=5)]


@pytest.mark.parametrize(
    ("look", "sees"),
    [
        (_due_lines, [(TOPIC, key) for key in _KEYS]),
        (_parked_keys, [*_KEYS]),
        (_front, [1, 2, 3, 4, 5]),
    ],
)
def test_looking_at_long_lines_is_as_much_work_as_looking_at_short_ones(intake: Desk, look: Look, sees: object) -> None:
    _park(intake, 1, 11)
    short = _work(intake, look, sees)
    _park(intake, 11, 2_000)
    assert _work(intake, look, sees) <= short * 1.5


def _park(desk: Desk, first: int, beyond: int) -> None:
    """Events `first` to `beyond` (not included) of each key; the first one of all is tried again at noon."""
    with UnitOfWork(desk.engine, actor=the_service("intake"), correlation_id="") as uow:
        uow.session.execute(
            insert(parked_event),
            [
                {
                    "consumer": "intake",
                    "topic": TOPIC,
                    "key": key,
                    "key_seq": seq,
                    "headers": "{}",
                    "payload": b"{}",
                    "state": ParkedState.FAILING if seq == 1 else ParkedState.BEHIND,
                    "reason": "Stumble" if seq == 1 else "behind",
                    "attempts": 0,
                    "next_attempt_at": NOON if seq == 1 else None,
                    "parked_at": NOON,
                    "topic_id": "",
                    "partition": 0,
                    "offset": seq,
                }
                for key in _KEYS
                for seq in range(first, beyond)
            ],
        )


def _work(desk: Desk, look: Look, sees: object) -> int:
    steps = 0

    def stepped() -> int:
        nonlocal steps
        steps += 1
        return 0

    with UnitOfWork(desk.engine, actor=the_service("intake"), correlation_id="", read_only=True) as uow:
        driver = uow.session.connection().connection.driver_connection
        driver.set_progress_handler(stepped, 1)
        try:
            assert look(uow.session) == sees
        finally:
            driver.set_progress_handler(None, 1)
    assert steps
    return steps
