"""A worklist as the house draws it: counts that filter, groups of rows, a sentence when nothing is there.

Templates: `board.html` is the page, `board_table.html` its table, `board_parts.html` what this module fills in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import current_app

from shared.web.pages.live import Board


@dataclass(frozen=True, slots=True)
class Group:
    """`rows`: element id → its HTML, in order. A group without rows isn't drawn. `note` stands beside the number."""

    name: str
    words: str
    rows: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A count on top, and the filter that its link sets; `tone` is a colour's name or empty."""

    show: StrEnum
    words: str
    tone: str = ""


def board_of(
    path: str,
    *,
    counts: Iterable[Count],
    number: Callable[[StrEnum], int],
    choice: StrEnum,
    groups: Iterable[Group],
    columns: int,
    nobody: str,
    prefix: str = "",
) -> Board:
    """The board at `path`, whose first count shows everything. `prefix` keeps two boards' ids on one page apart."""
    draw: Any = current_app.jinja_env.get_template("board_parts.html").module
    groups = list(groups)
    everything = next(iter(type(choice)))
    entries = [
        (number(c.show), c.words, path if c.show is everything else f"{path}?show={c.show}", c.tone, c.show is choice)
        for c in counts
    ]
    parts = {
        f"{prefix}counts": str(draw.board_counts(prefix, entries)),
        f"{prefix}nobody": str(draw.nobody(prefix, "" if any(group.rows for group in groups) else nobody)),
    }
    order: dict[str, tuple[str, ...]] = {}
    for group in groups:
        head = f"{prefix}head-{group.name}"
        parts[head] = str(draw.head(head, group.words, len(group.rows), group.note, columns))
        parts |= group.rows
        order[f"{prefix}group-{group.name}"] = (head, *group.rows) if group.rows else ()
    return Board(parts, order)
