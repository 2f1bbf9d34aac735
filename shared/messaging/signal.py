"""Wakes this process's workers as soon as there is something to carry, instead of at their next poll."""

from threading import Condition

_condition = Condition()
_written = 0


def outbox_written() -> None:
    """Tell every waiting worker of this process that an outbox has new rows. Never raises."""
    global _written
    with _condition:
        _written += 1
        _condition.notify_all()


def wait_for_outbox(seen: int, timeout_seconds: float) -> int:
    """Wait until something was written after `seen` (a number this function returned), at most `timeout_seconds`."""
    with _condition:
        _condition.wait_for(lambda: _written != seen, timeout_seconds)
        return _written
