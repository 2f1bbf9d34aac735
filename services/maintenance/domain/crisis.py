"""Whom a patient in distress can reach at once. The default is the demo's and fictional: nobody answers there."""

import json
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


def parse_crisis_lines(text: str) -> tuple[CrisisLine, ...]:
    """Read `{"crisis_lines": [{"name", "contact", "hours"}]}`; raises ValueError unless at least one line is whole."""
    try:
        lines = tuple(
            CrisisLine(name=str(line["name"]), contact=str(line["contact"]), hours=str(line["hours"]))
            for line in json.loads(text)["crisis_lines"]
        )
    except (KeyError, TypeError, json.JSONDecodeError):
        raise ValueError("needs crisis_lines, each with name, contact and hours") from None
    if not lines or any(not (line.name and line.contact and line.hours) for line in lines):
        raise ValueError("needs at least one crisis line, each with name, contact and hours")
    return lines
