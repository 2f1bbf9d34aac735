"""Tells an event that can't be applied from a world that can't apply anything just now."""

import traceback

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from shared.kernel.errors import AfterglowError, Unavailable

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
    """Module file and line that raised, for the log, in place of a traceback that might quote values."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
