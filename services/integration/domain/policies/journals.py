"""What a journal has to hold, by practice. Source: docs/clinical/journals.md."""

from dataclasses import dataclass
from datetime import datetime

from services.integration.domain.journal import Practice, Sharing, Words
from shared.kernel.errors import FieldError


def complaints_about(practice: Practice, words: Words) -> tuple[FieldError, ...]:
    """Why these words don't make an entry of `practice`; empty when they do.

    A journal needs words or the words-fail-me form; the words-fail-me practice needs its form filled in. Mindfulness,
    meditation, art and reflections are logged as practised, with or without words.
    """
    form = words.words_fail_me
    told = form is not None and not form.empty
    if practice is Practice.WORDS_FAIL_ME and not told:
        return (FieldError("/words_fail_me", "Say how the body is, or name at least one feeling."),)
    if practice is Practice.JOURNAL and words.text is None and not told:
        return (FieldError("/text", "A journal needs text, or the words-fail-me form when there are no words."),)
    return ()


def published_mood(sharing: Sharing, mood_0_10: int | None) -> int | None:
    """The mood that may leave this service: none at all when the journal is private."""
    return None if sharing is Sharing.PRIVATE else mood_0_10


@dataclass(frozen=True, slots=True)
class EntryLimits:
    """The span in which an entry for a session can have been written; both ends inclusive."""

    oldest: datetime
    newest: datetime

    def complaints_about(self, written_at: datetime) -> tuple[FieldError, ...]:
        if written_at > self.newest:
            return (FieldError("/written_at", "Lies more than 2 minutes ahead of now."),)
        if written_at < self.oldest:
            return (FieldError("/written_at", "Lies too long before this session to belong to it."),)
        return ()
