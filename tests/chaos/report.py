"""What a trial came to, and the report of a whole run."""

from dataclasses import dataclass, field

from tests.chaos.auditor import Audit


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
