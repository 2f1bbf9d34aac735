"""Errors named by what they mean for the caller. HTTP codes for them exist once, in shared/web/errors.py.

No message may hold a patient's name, contact, words or scores: messages reach logs and other systems.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.decision import Decision


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: a JSON pointer into the body ("/baseline/spo2_percent") and a sentence."""

    pointer: str
    message: str


class AfterglowError(Exception):
    """Base of every error that a caller can act on.

    `code` becomes the last part of `urn:afterglow:problem:<code>` and is stable.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, fields: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = tuple(fields)


class Unreadable(AfterglowError):
    """The request can't be read at all (broken JSON, no such encoding)."""

    code = "unreadable"


class Invalid(AfterglowError):
    """The request was read and fields of it can't be accepted; `fields` names each with its limit."""

    code = "invalid"

    def __init__(self, *fields: FieldError, message: str = "Some fields can’t be accepted.") -> None:
        super().__init__(message, fields=fields)


class Unauthenticated(AfterglowError):
    """Nobody valid is asking."""

    code = "unauthenticated"


class Forbidden(AfterglowError):
    """Somebody valid is asking for what their role may not do."""

    code = "forbidden"


class NotFound(AfterglowError):
    """There is no such record, or it isn't one that this caller may see; the two are not told apart."""

    code = "not-found"


class Conflict(AfterglowError):
    """The record is not in a state, or the world not in a shape, that allows the act."""

    code = "conflict"


class WrongState(Conflict):
    """An act came out of turn."""

    code = "wrong-state"


class Refused(Conflict):
    """A policy stands against the act; `decision` has every reason."""

    def __init__(self, message: str, *, code: str, decision: Decision) -> None:
        super().__init__(message, code=code)
        self.decision = decision


class Stale(AfterglowError):
    """The caller changes a version that is no longer the latest."""

    code = "stale"


class VersionMissing(AfterglowError):
    """The caller must say which version it changes."""

    code = "version-missing"


class Unavailable(AfterglowError):
    """Something that this service needs is away; trying again later may help."""

    code = "unavailable"
