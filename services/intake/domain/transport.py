"""Who takes the patient home."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TransportKind(StrEnum):
    ESCORT = "escort"
    CONTRACTED_RIDE = "contracted-ride"


class Grown(StrEnum):
    """What is known of the escort's age: nobody having said is not the same as an adult."""

    ADULT = "adult"
    MINOR = "minor"
    NOT_SAID = "not-said"


@dataclass(frozen=True, slots=True)
class Transport:
    """The way home, as the desk knows it.

    `confirmed_at` is when somebody last had their word, None when nobody has it; `arrives_at` is when they mean to be
    at the site, None when they haven't said.
    """

    kind: TransportKind
    name: str
    phone: str | None
    relationship: str | None
    grown: Grown
    confirmed_at: datetime | None
    arrives_at: datetime | None = None
