"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`slow_events` is for what takes a millisecond an event; `rate_seconds` is how long 200 events/s last;
    `history` is the number of earlier events that 10× and 100× are counted from."""

    events: int
    slow_events: int
    rounds: int
    rate_seconds: int
    history: int


FULL = Size(events=60_000, slow_events=5_000, rounds=3, rate_seconds=30, history=10_000)
SMALL = Size(events=4_000, slow_events=300, rounds=1, rate_seconds=3, history=500)
