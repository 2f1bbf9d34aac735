"""Ratchets on size and form: a module that grew past reading is a room to divide."""

import ast

import pytest

from tests.architecture.tree import ROOT, modules, name_of, parsed

_LONGEST_MODULE = 300
_LONGEST_TEST = 600


def _lines(text: str) -> int:
    return len(text.splitlines())


def test_no_module_is_longer_than_anybody_reads() -> None:
    # alembic writes the revisions, and a published one is never rewritten
    long = {name_of(path): _lines(path.read_text()) for path in modules() if "/versions/" not in name_of(path)}

    assert not {name: lines for name, lines in long.items() if lines > _LONGEST_MODULE}


def test_no_test_file_is_longer_than_anybody_reads() -> None:
    long = {name_of(path): _lines(path.read_text()) for path in (ROOT / "tests").rglob("*.py")}

    assert not {name: lines for name, lines in long.items() if lines > _LONGEST_TEST}


def test_every_module_says_what_it_is_for() -> None:
    silent = {
        name_of(path) for path in modules() if path.read_text().strip() and ast.get_docstring(parsed(path)) is None
    }

    assert not silent


@pytest.mark.parametrize("word", ["utils", "util", "helpers", "helper", "common", "misc", "manager"])
def test_no_room_has_a_name_that_says_nothing(word: str) -> None:
    assert not [name_of(path) for path in modules() if word in {*path.parts, path.stem}]


def test_nothing_is_swallowed_without_a_word() -> None:
    """An empty handler needs a comment that says why nothing has to be done."""
    silent = {
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
        and not any("#" in line for line in path.read_text().splitlines()[node.lineno - 1 : node.body[-1].end_lineno])
    }

    assert not silent
