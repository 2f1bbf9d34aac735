"""`traceparent`: continued when well formed, begun when not."""

import re

import pytest

from shared.observability.tracing import continue_trace, trace_id_of

_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
_GIVEN = f"00-{_TRACE}-00f067aa0ba902b7-01"


def test_a_callers_trace_is_continued_with_a_span_of_our_own() -> None:
    ours = continue_trace(_GIVEN)
    assert trace_id_of(ours) == _TRACE
    assert ours != _GIVEN
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", ours)


def test_the_callers_word_on_sampling_is_kept() -> None:
    assert continue_trace(f"00-{_TRACE}-00f067aa0ba902b7-00").endswith("-00")


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "nonsense",
        _GIVEN.upper(),
        _GIVEN + "-more",
        _GIVEN + "\n",
        f"01-{_TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{_TRACE}-{'0' * 16}-01",
        f"00-{_TRACE[:-1]}-00f067aa0ba902b7-01",
    ],
)
def test_anything_else_begins_a_new_trace(given: str | None) -> None:
    ours = continue_trace(given)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", ours)
    assert trace_id_of(ours) != _TRACE
