"""What each trial came to, as a table to read and as JSON lines to keep."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from rich.table import Table

from tests.chaos.auditor import Audit

Tick = Callable[[str, int, int], None]  # what is done just now, how many rounds are, of how many


@dataclass
class Outcome:
    """One fault: how often it was done, what the auditor found afterwards, and what is worth telling."""

    fault: str
    adapter: str
    rounds: int
    found: Audit | None
    told: str
    took_seconds: list[float] = field(default_factory=list)
    failed: str = ""
    lasted_seconds: float = 0.0

    def line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))


def table(outcomes: list[Outcome], *, seed: int, scale: float) -> Table:
    drawn = Table(title=f"Chaos, seed {seed}, scale {scale:g}", caption=_verdict(outcomes))
    for name in ("fault", "on", "times", "events", "lost", "doubled", "out of order", "outcome", "lasted"):
        drawn.add_column(name, justify="left" if name in {"fault", "on", "outcome"} else "right")
    for outcome in outcomes:
        found = outcome.found or Audit()
        counts = (found.promised, found.lost + found.forgotten, found.doubled + found.invented, found.disordered)
        drawn.add_row(
            outcome.fault,
            outcome.adapter,
            str(outcome.rounds),
            *(f"{count:,}" if outcome.found else "?" for count in counts),
            f"FAILED: {outcome.failed}" if outcome.failed else outcome.told,
            f"{outcome.lasted_seconds:.0f} s",
            style="red" if outcome.failed else None,
        )
    return drawn


def _verdict(outcomes: list[Outcome]) -> str:
    failed = sum(bool(outcome.failed) for outcome in outcomes)
    return f"{failed} of {len(outcomes)} trials failed" if failed else f"all {len(outcomes)} trials held"
