"""Answers of a policy: every reason that stands against an act, never a bare boolean."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands against an act.

    `code` is stable and machine-read; `message` is a sentence for the person at the desk, with nothing that names a
    patient; `remaining` is how long until time alone settles it, None when time alone won't.
    """

    code: str
    message: str
    remaining: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A policy's answer: met when no reason stands against it. Reasons are ordered worst first."""

    reasons: tuple[Reason, ...] = ()

    @property
    def met(self) -> bool:
        return not self.reasons
