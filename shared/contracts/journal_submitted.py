"""journal-submitted: the patient wrote, drew or sat. From integration to maintenance; never a word of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from shared.contracts.fields import EventSchema, Instant, coded


class Practice(StrEnum):
    JOURNAL = "journal"
    WORDS_FAIL_ME = "words-fail-me"
    MINDFULNESS = "mindfulness"
    MEDITATION = "meditation"
    ART = "art"
    KAP_REFLECTION = "kap-reflection"


class WindowPosition(StrEnum):
    EARLY = "early"
    IN_WINDOW = "in-window"
    LATE = "late"


class Sharing(StrEnum):
    PRIVATE = "private"
    THERAPIST = "therapist"
    CARE_TEAM = "care-team"


@dataclass(frozen=True, slots=True)
class JournalSubmitted:
    """A journal was kept. `mood_0_10` is None when it wasn't given or the journal is private."""

    journal_id: UUID
    patient_id: UUID
    site_id: str
    session_id: UUID
    practice: Practice
    written_at: datetime
    submitted_at: datetime
    window_position: WindowPosition
    mood_0_10: int | None
    contact_requested: bool
    sharing: Sharing


class JournalSubmittedSchema(EventSchema):
    journal_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    site_id = fields.String(required=True)
    session_id = fields.UUID(required=True)
    practice = coded(Practice, required=True)
    written_at = Instant(required=True)
    submitted_at = Instant(required=True)
    window_position = coded(WindowPosition, required=True)
    mood_0_10 = fields.Integer(required=True, strict=True, allow_none=True, validate=validate.Range(min=0, max=10))
    contact_requested = fields.Boolean(required=True)
    sharing = coded(Sharing, required=True)

    @post_load
    def to_event(self, data: dict[str, Any], **_: Any) -> JournalSubmitted:
        return JournalSubmitted(**data)
