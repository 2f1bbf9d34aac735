"""What happened to a patient, as each service tells its part; the patient's page merges the four by instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Happened:
    """`glyph` is an icon's name; `words` one sentence; `more` what stands behind it, in a quieter tone."""

    at: datetime
    glyph: str
    words: str
    more: str = ""


def newest_first(entries: Iterable[Happened]) -> list[Happened]:
    """At most `LONGEST`, the newest."""
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:LONGEST]
