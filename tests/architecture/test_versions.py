"""A record's version grows with every change: only `touch` says when a row changed."""

import ast

from tests.architecture.tree import modules, name_of, parsed

# one changes its row past the ORM's bookkeeping, and its own count of observations grows with every change
_OTHERS = {"shared/store/touch.py", "services/discharge/use_cases/record_observation.py"}


def test_nobody_sets_updated_at_by_hand() -> None:
    by_hand = {
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if name_of(path) not in _OTHERS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "updated_at" and isinstance(node.ctx, ast.Store)
    }

    assert not by_hand, "at a standing clock the ORM sees no change in it: shared.store.touch"
