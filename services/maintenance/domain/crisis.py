"""Whom a patient in distress can reach at once. The default is the demo's and fictional: nobody answers there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """`contact` is what a person dials or writes to, as it is to be shown."""

    name: str
    contact: str
    hours: str


DEMO_LINES = (
    CrisisLine(name="Demo crisis line (fictional)", contact="555-0100", hours="day and night"),
    CrisisLine(name="Demo text line (fictional)", contact="text HELLO to 555-0101", hours="day and night"),
)
