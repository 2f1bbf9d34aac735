"""What a trial came to, and the report of a whole run."""

from collections.abc import Callable
from dataclasses import dataclass, field

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
    recovered_seconds: list[float] = field(default_factory=list)
    failed: str = ""
