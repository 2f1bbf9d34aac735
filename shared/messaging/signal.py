"""Wakes this process's workers as soon as there is something to carry, instead of at their next poll.

Two sources wake a relay: a commit of this process (`outbox_written`) and word from another process (`outbox_heard`,
see wakeup.py). They are counted apart, so that what was heard is never passed on again.
"""

from threading import Condition

_condition = Condition()
_written = 0
_heard = 0


def outbox_written() -> None:
    """Tell every waiting worker of this process that an outbox has new rows. Never raises."""
    global _written
    with _condition:
        _written += 1
        _condition.notify_all()


def outbox_heard() -> None:
    """Tell them the same, on word from another process. Never raises."""
    global _heard
    with _condition:
        _heard += 1
        _condition.notify_all()


def wait_for_outbox(seen: int, timeout_seconds: float) -> int:
    """Wait until something was written or heard of after `seen` (a number this function returned), or the timeout."""
    with _condition:
        _condition.wait_for(lambda: _written + _heard != seen, timeout_seconds)
        return _written + _heard


def wait_for_own_write(seen: int, timeout_seconds: float) -> int:
    """Wait until this process itself wrote after `seen` (a number this function returned), or the timeout."""
    with _condition:
        _condition.wait_for(lambda: _written != seen, timeout_seconds)
        return _written
