"""Action steps: something small that a patient wants to do, and whether it happened."""

from enum import StrEnum


class StepState(StrEnum):
    """`planned` until its outcome is told; an outcome is told once."""

    PLANNED = "planned"
    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not-done"


class StepOutcome(StrEnum):
    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not-done"

    @property
    def state(self) -> StepState:
        return StepState(self.value)
