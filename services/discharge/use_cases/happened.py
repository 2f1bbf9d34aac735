"""Instants of things that happened: now when left out, never ahead of now, never before the dose began."""

from datetime import datetime, timedelta

from shared.kernel.errors import FieldError, Invalid

AHEAD = timedelta(minutes=2)
"""How far a caller's clock may run ahead of ours, inclusive."""


def happened_at(given: datetime | None, *, pointer: str, not_before: datetime, now: datetime) -> datetime:
    """`given`, or `now` when it is None; raises Invalid outside [`not_before`, `now` + 2 min]."""
    if given is None:
        return now
    if given > now + AHEAD:
        raise Invalid(FieldError(pointer, "Must not be more than 2 minutes ahead of now."))
    if given < not_before:
        raise Invalid(FieldError(pointer, "Must not be before the start of administration."))
    return given
