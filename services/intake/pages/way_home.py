"""The way-home form: as the API's, but nothing that was left blank counts as said.

The API reads an age left out as adult and a word left out as given now, as portals rely on. At a desk a blank is a
blank: an age nobody chose is unknown, and saving another phone number renews nobody's word.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from services.intake.api.schemas import TransportNaming
from services.intake.api.sessions import transport_from
from services.intake.domain.transport import Transport
from shared.kernel.errors import FieldError, Invalid
from shared.web.fields import Choice, Flag


class Word(StrEnum):
    """When somebody last had their word that they will be here."""

    NOW = "now"
    AT = "at"
    BEFORE = "before"
    NOT_YET = "not-yet"


class WayHome(TransportNaming):
    adult = Flag(load_default=None, allow_none=True)
    word = Choice(Word, required=True)


def way_home(typed: dict[str, Any], *, before: Transport | None, now: datetime) -> Transport:
    """Raises Invalid when a time is asked for and none is typed."""
    facts = dict(typed)
    typed_at = facts.pop("confirmed_at", None)
    confirmed_at: datetime | None = None
    match facts.pop("word"):
        case Word.NOW:
            confirmed_at = now
        case Word.AT if typed_at is None:
            raise Invalid(FieldError("/confirmed_at", "Type the time at which they confirmed."))
        case Word.AT:
            confirmed_at = typed_at
        case Word.BEFORE if before is not None:
            confirmed_at = before.confirmed_at
    return transport_from(facts | {"confirmed_at": confirmed_at}, now=now)
