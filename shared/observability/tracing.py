"""`traceparent` (W3C Trace Context): one trace from the first request through every event that follows from it."""

import re
import secrets

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_NO_TRACE = "0" * 32
_NO_SPAN = "0" * 16
_SAMPLED = "01"


def continue_trace(traceparent: str | None) -> str:
    """A `traceparent` for the work that begins here: a new span of the caller's trace, or of a new one.

    What isn't a well-formed version 00 header counts as none, as the standard asks.
    """
    found = None if traceparent is None else _TRACEPARENT.fullmatch(traceparent)
    if found is None or found[1] == _NO_TRACE or found[2] == _NO_SPAN:
        made = secrets.token_hex(24)
        return f"00-{made[:32]}-{made[32:]}-{_SAMPLED}"
    return f"00-{found[1]}-{secrets.token_hex(8)}-{found[3]}"


def trace_id_of(traceparent: str) -> str:
    """The 32 hex digits that all parts of one trace share; for log lines."""
    return traceparent[3:35]
