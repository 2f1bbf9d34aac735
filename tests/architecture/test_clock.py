"""One clock: only shared/kernel/clock.py reads the machine's, everyone else is told the time."""

import ast

from tests.architecture.tree import dotted, imports_of, modules, name_of, parsed

_KERNEL = "shared/kernel/clock.py"
_READS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "datetime.fromtimestamp", "date.today"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today"),
}


def test_only_the_kernels_clock_reads_the_clock() -> None:
    readers = {
        f"{name_of(path)}:{node.lineno} {dotted(node.func)}"
        for path in modules()
        if name_of(path) != _KERNEL
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and dotted(node.func) in _READS
    }

    assert not readers


def test_nobody_else_uses_the_time_module_but_to_sleep() -> None:
    uses = {
        f"{name_of(path)}:{node.lineno} {used}"
        for path in modules()
        if name_of(path) != _KERNEL
        if "time" in set(imports_of(path)) or any(name.startswith("time.") for name in imports_of(path))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom | ast.Attribute)
        for used in _uses_of_time(node)
    }

    assert not uses


def _uses_of_time(node: ast.ImportFrom | ast.Attribute) -> set[str]:
    if isinstance(node, ast.Attribute):
        return {dotted(node)} - {"time.sleep"} if dotted(node).startswith("time.") else set()
    return {f"from time import {alias.name}" for alias in node.names if node.module == "time" and alias.name != "sleep"}


def test_a_rule_is_told_the_time_and_has_no_default_for_it() -> None:
    guessing = {
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in modules()
        if "/domain/" in name_of(path) or "/use_cases/" in name_of(path)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if argument.arg == "now" and default is not None
    }

    assert not guessing
