"""The four questions that accompany a window."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PromptKind(StrEnum):
    """In the order in which they are asked."""

    NOW = "now"
    THEMES = "themes"
    STEP = "step"
    DID_IT_HAPPEN = "did-it-happen"


class PromptState(StrEnum):
    """Planned until its time; then sent once, or missed: the window closed before it could be sent.

    Withdrawn: not sent, because its session turned out never to have been.
    """

    PLANNED = "planned"
    SENT = "sent"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PlannedPrompt:
    kind: PromptKind
    due_at: datetime


# the same words for everyone: they hold nothing of a patient, and portals show them as they are
QUESTIONS = {
    PromptKind.NOW: "What is here now? Words, or just your body and your feelings.",
    PromptKind.THEMES: "Looking back at your session: which images, feelings or themes stay with you?",
    PromptKind.STEP: "What is one small step, ten minutes or less, that you would like to take?",
    PromptKind.DID_IT_HAPPEN: "Your small step: did it happen? Either answer is fine.",
}
