"""What a service asks people at a site to do, as one worklist that looks the same whichever service asks.

A reader's To do page is one service's list; where they may see another's too, that one stands below, drawn by its own
service with the reader's own rights. A task ends with a coded outcome and can be opened again while it is listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app

from shared.web.pages import board
from shared.web.pages.live import Board, Viewer
from shared.web.pages.words import moment

DONE_FOR = timedelta(hours=24)


class Group(StrEnum):
    NOW = "now"
    TODAY = "today"
    THIS_WEEK = "this-week"
    DONE = "done"


class Show(StrEnum):
    """What the counts on top filter by; everything is what is open and what was just done."""

    ALL = "all"
    NOW = "now"
    TODAY = "today"
    THIS_WEEK = "this-week"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Line:
    """One task. `session` names it where intake's names are missing; `asks` is the next step in words, `link` where
    that is done. `outcomes`: value and words of what it can end with; `ended` who did, when and how."""

    task_id: UUID
    patient_id: UUID
    group: Group
    session: str
    words: str
    glyph: str
    raised_at: datetime
    asks: str
    link: tuple[str, str] | None
    outcomes: Sequence[tuple[str, str]]
    ended: str

    @property
    def id(self) -> str:
        return f"row-{self.task_id}"

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        return [(value, "", words) for value, words in self.outcomes]

    @property
    def tone(self) -> str:
        return {Group.NOW: "stop", Group.TODAY: "warn"}.get(self.group, "")


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of task says while it is open: `asks` is the next step in words."""

    words: str
    asks: str
    glyph: str
    group: Group


_HEADS = {Group.NOW: "Now", Group.TODAY: "Today", Group.THIS_WEEK: "This week", Group.DONE: "Done in the last 24 hours"}
_COUNTS = (
    board.Count(Show.ALL, "Everything"),
    board.Count(Show.NOW, "Now", "stop"),
    board.Count(Show.TODAY, "Today", "warn"),
    board.Count(Show.THIS_WEEK, "This week"),
    board.Count(Show.DONE, "Done", "ok"),
)


def draw(
    path: str, lines: Sequence[Line], viewer: Viewer, *, empty: str, prefix: str, zone: ZoneInfo, now: datetime
) -> Board:
    """The worklist at `path`; `lines` in the order of their rows, `empty` what it says when there are none."""
    choice = Show(viewer.choice)
    row = current_app.jinja_env.get_template("todo_row.html")
    groups = []
    for group, words in _HEADS.items():
        of_group = [line for line in lines if line.group is group and choice in {Show.ALL, str(group)}]
        rows = {line.id: row.render(line=line, path=path, zone=zone, now=now, show=choice) for line in of_group}
        groups.append(board.Group(group, words, rows))
    return board.board_of(
        path,
        counts=_COUNTS,
        number=lambda show: sum(show in {Show.ALL, str(line.group)} for line in lines),
        choice=choice,
        groups=groups,
        columns=5,
        nobody=empty if choice is Show.ALL else "Nothing here.",
        prefix=prefix,
    )


def ended(how: str | None, by: str | None, at: datetime | None, *, zone: ZoneInfo, now: datetime) -> str:
    """ "Spoke with the patient. Maya Lindqvist, 11:10."; empty for an open one, and no more than what was kept."""
    if at is None:
        return ""
    return f"{how or 'Done'}. {by + ', ' if by else ''}{moment(at, zone, now)}."
