"""How many induction sessions a course may be planned for.

Source: docs/clinical/booking.md.
"""

from dataclasses import dataclass

from shared.kernel.errors import FieldError


@dataclass(frozen=True, slots=True)
class PlanningRules:
    """Both ends inclusive. A course has at least one planned session; the upper end only catches a typing slip."""

    min_sessions: int = 1
    max_sessions: int = 60

    def __post_init__(self) -> None:
        if not 1 <= self.min_sessions <= self.max_sessions:
            raise ValueError("min_sessions must be at least 1 and not above max_sessions")


def check_planned(planned_sessions: int, rules: PlanningRules, *, completed: int) -> tuple[FieldError, ...]:
    """`completed` counts the induction sessions already dosed: what was given can't be planned away."""
    if not rules.min_sessions <= planned_sessions <= rules.max_sessions:
        return (FieldError("/planned_sessions", f"Must be {rules.min_sessions} to {rules.max_sessions}."),)
    if planned_sessions < completed:
        return (FieldError("/planned_sessions", f"Must not be below the {completed} sessions already completed."),)
    return ()
