"""Tells an event that can't be applied from a world that can't apply anything just now."""

import traceback
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from shared.kernel.errors import AfterglowError, Unavailable

_ROOT = Path(__file__).parents[2]
_OURS = (f"{_ROOT}/services/", f"{_ROOT}/shared/", f"{_ROOT}/tests/")
_TRANSIENT = (OperationalError, InterfaceError, PoolTimeout, StaleDataError, Unavailable)


def is_infrastructure(error: BaseException) -> bool:
    """Database away, deadlock, serialisation, a lost race for a row: pause and try again, never park."""
    if isinstance(error, _TRANSIENT):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def reason_code(error: BaseException) -> str:
    """A code for why a handler failed; never the message, which might quote the event."""
    return error.code if isinstance(error, AfterglowError) else type(error).__name__


def raised_at(error: BaseException) -> str:
    """The last file and line of ours on the way to what raised, for the log, in place of a traceback that might quote
    values. A database's error is raised in its driver: whoever looks for the mistake needs who called it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OURS)]
    last = (ours or frames)[-1:]
    return "".join(f"{frame.filename.removeprefix(f'{_ROOT}/')}:{frame.lineno}" for frame in last)
