"""Where in its integration window a journal was written; no word of it ever gets here."""

from dataclasses import dataclass
from enum import StrEnum


class Position(StrEnum):
    EARLY = "early"
    IN_WINDOW = "in-window"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class JournalCount:
    """Adherence, for people: no rule reads it."""

    early: int = 0
    in_window: int = 0
    late: int = 0
