"""How small an action step has to be. Source: docs/clinical/integration-window.md."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepRules:
    """A step takes at least one minute and at most `longest_minutes`, inclusive: small enough to happen."""

    longest_minutes: int = 10
    source: str = "docs/clinical/integration-window.md"

    def __post_init__(self) -> None:
        if self.longest_minutes < 1:
            raise ValueError("a step takes at least one minute")

    def allows(self, minutes: int) -> bool:
        return 1 <= minutes <= self.longest_minutes
