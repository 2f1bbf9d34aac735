"""A desk's act can be taken back for a few minutes: slips happen at a busy desk.

Source: docs/clinical/undo.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class UndoRules:
    """`within` is elapsed time since the act, inclusive."""

    within: timedelta = timedelta(minutes=10)

    def __post_init__(self) -> None:
        if self.within <= timedelta():
            raise ValueError("within must be above 0")


def may_undo(done_at: datetime, rules: UndoRules, *, now: datetime) -> bool:
    return now - done_at <= rules.within
