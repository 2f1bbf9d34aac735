"""What docs/guarantees.md promises is held by tests that exist."""

import ast
import re

import pytest

from tests.architecture.tree import ROOT, parsed

_PAGE = (ROOT / "docs/guarantees.md").read_text()
_NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", _PAGE)))
_ROWS = [line for line in _PAGE.splitlines() if line.startswith("|") and not line.startswith(("|---", "| promise |"))]


@pytest.mark.parametrize(("path", "name"), _NAMED, ids=[name for _, name in _NAMED])
def test_the_test_that_is_named_exists(path: str, name: str) -> None:
    assert (ROOT / path).is_file(), f"docs/guarantees.md names {path}, which isn't there"
    assert name in {node.name for node in ast.walk(parsed(ROOT / path)) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row.split("|")[1].strip()[:60])
def test_every_promise_has_a_mechanism_a_test_and_a_word_on_what_was_measured(row: str) -> None:
    _, promise, mechanism, test, measured, _ = row.split("|")
    assert all(cell.strip() for cell in (promise, mechanism, measured))
    assert "::test_" in test
