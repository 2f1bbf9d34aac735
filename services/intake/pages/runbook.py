"""A runbook of docs/runbooks as a page's parts: sections of sentences and of commands that can be copied. Pure."""

import re
from dataclasses import dataclass

# typed at a terminal, also where it stands in the indent of sentences
_COMMAND = re.compile(r"(?:afterglow|docker compose|curl|python -m) ")
_NOTE = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or more in `words`; or a `command`, with what it answers in `words`."""

    words: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]


def sections_of(text: str) -> list[Section]:
    """`text` without its title: a section's title stands at the edge, what it says two or four spaces in. A line goes
    on in the next one until a sentence ends with it, or a command follows."""
    found: list[Section] = []
    for block in re.split(r"\n\n+", text.strip()):
        title, _, body = block.partition("\n")
        found.append(Section(title.strip(), tuple(_lines(body))))
    return found


def _lines(body: str) -> list[Line]:
    found: list[Line] = []
    for raw in body.splitlines():
        said = raw.strip()
        if _COMMAND.match(said):
            command, *note = _NOTE.split(said, maxsplit=1)
            found.append(Line(note[0] if note else "", command))
        elif found and not found[-1].command and _goes_on(found[-1].words, said):
            found[-1] = Line(f"{found[-1].words} {said}")
        else:
            found.append(Line(said))
    return found


def _goes_on(before: str, after: str) -> bool:
    return after[0].islower() if before.endswith(":") else not before.endswith((".", "?"))
