"""Some random stories of a few patients' lines against a model; `make chaos` tells ten thousand."""

from hypothesis import settings

from tests.chaos.line_machine import HOW_TOLD, Lines

TestLines = Lines.TestCase
TestLines.settings = settings(max_examples=100, **HOW_TOLD)  # type: ignore[arg-type]
