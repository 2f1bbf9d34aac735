"""Who may be the same person twice. The software points; a person decides.

Source: docs/clinical/likely-duplicates.md.
"""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from services.intake.domain.names import folded, phone_key


class Likeness(StrEnum):
    SAME_BIRTH_DATE_SIMILAR_NAME = "same-birth-date-similar-name"
    SAME_PHONE = "same-phone"


@dataclass(frozen=True, slots=True)
class Identity:
    family_name: str
    given_name: str
    birth_date: date
    phone: str


@dataclass(frozen=True, slots=True)
class DuplicateRules:
    """`min_similarity` is a share of matching letters between 0 and 1, inclusive."""

    min_similarity: float = 0.75

    def __post_init__(self) -> None:
        if not 0 < self.min_similarity <= 1:
            raise ValueError("min_similarity must lie above 0 and up to 1")


def likenesses(one: Identity, other: Identity, rules: DuplicateRules) -> tuple[Likeness, ...]:
    """Every way in which the two look like one person; empty when in none."""
    found = []
    if one.birth_date == other.birth_date and name_similarity(one, other) >= rules.min_similarity:
        found.append(Likeness.SAME_BIRTH_DATE_SIMILAR_NAME)
    if phone_key(one.phone) == phone_key(other.phone):
        found.append(Likeness.SAME_PHONE)
    return tuple(found)


def name_similarity(one: Identity, other: Identity) -> float:
    """Share of matching letters in the best of three readings: as written, given and family name swapped, and a short
    form of the given name under the same family name ("Liz" and "Elizabeth" share three letters in order)."""
    mine = _letters(one.given_name, one.family_name)
    readings = (_letters(other.given_name, other.family_name), _letters(other.family_name, other.given_name))
    best = max(SequenceMatcher(None, mine, reading, autojunk=False).ratio() for reading in readings)
    if folded(one.family_name) == folded(other.family_name) and _is_short_form(one.given_name, other.given_name):
        return 1.0
    return best


def _letters(*names: str) -> str:
    return " ".join(folded(name) for name in names)


def _is_short_form(one: str, other: str) -> bool:
    short, long = sorted((folded(one), folded(other)), key=len)
    letters = iter(long)
    return bool(short) and all(letter in letters for letter in short)
