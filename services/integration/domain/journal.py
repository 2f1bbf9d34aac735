"""A journal: what was practised, whom the patient lets read it, and the words themselves."""

from dataclasses import dataclass
from enum import StrEnum


class Practice(StrEnum):
    JOURNAL = "journal"
    WORDS_FAIL_ME = "words-fail-me"
    MINDFULNESS = "mindfulness"
    MEDITATION = "meditation"
    ART = "art"
    KAP_REFLECTION = "kap-reflection"


class Sharing(StrEnum):
    """The patient's choice; each tier includes the readers of the one before it."""

    PRIVATE = "private"
    THERAPIST = "therapist"
    CARE_TEAM = "care-team"


@dataclass(frozen=True, slots=True)
class WordsFailMe:
    """What can't be told: how the body is, and feelings by name."""

    body: str | None
    feelings: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return self.body is None and not self.feelings


@dataclass(frozen=True, slots=True)
class Words:
    """All that a patient said in one edition of a journal; sealed in the store, and in no log, event or audit row."""

    text: str | None
    words_fail_me: WordsFailMe | None
    mood_0_10: int | None
