"""Marks a record as changed."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm.attributes import flag_modified


class Versioned(Protocol):
    """A row whose version, the record's ETag, grows with every change of it or of what hangs on it."""

    updated_at: datetime
    version: int


def touch(row: Versioned, *, now: datetime) -> None:
    """Make the version grow with the next flush, also when no column of the row changed and the clock stands still.

    The ORM writes no row that it sees no change in, and at a standing instant `updated_at` alone is none.
    """
    row.updated_at = now
    flag_modified(row, "updated_at")
