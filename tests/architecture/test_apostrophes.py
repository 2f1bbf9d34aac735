"""One apostrophe: what a page or an answer says has the typographic one (docs/words.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_privacy import _LOG_CALLS
from tests.architecture.tree import ROOT, modules, name_of, parsed

# terminals, settings and the bus speak to programs and operators in plain ASCII
_SEEN_IN_BROWSERS = ("services/intake/", "services/discharge/", "services/integration/", "services/maintenance/")
_SEEN_IN_BROWSERS += ("shared/kernel/", "shared/web/", "shared/operations/", "shared/messaging/mending.py")
_IN_A_WORD = re.compile(r"(?<=[A-Za-z])'(?=[a-z])")
_STRAIGHT = re.compile(_IN_A_WORD.pattern + r"|(?<=[a-z]s)'(?= [a-z])")
_COMMENTS = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)


def _said(path: Path) -> Iterator[ast.Constant]:
    """String constants but for docstrings and log messages."""
    silent = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
            silent.add(node.body[0])
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOG_CALLS:
            silent.add(node)
    quiet = {id(inner) for node in silent for inner in ast.walk(node)}
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet:
            yield node


def test_what_a_service_says_has_typographic_apostrophes() -> None:
    straight = [
        f"{name_of(path)}:{word.lineno} {word.value}"
        for path in modules()
        if name_of(path).startswith(_SEEN_IN_BROWSERS) and "migrations" not in path.parts
        for word in _said(path)
        if _STRAIGHT.search(word.value)
    ]

    assert not straight


def test_what_a_template_says_has_typographic_apostrophes() -> None:
    templates = [
        *(
            path
            for room in ("services", "shared")
            for path in (ROOT / room).rglob("*.html")
            if "static" not in path.parts
        ),
        ROOT / "deploy" / "gateway" / "away.html",
        *(ROOT / "docs" / "runbooks").glob("*.md"),
    ]

    assert templates
    assert not [name_of(path) for path in templates if _IN_A_WORD.search(_COMMENTS.sub("", path.read_text()))]
