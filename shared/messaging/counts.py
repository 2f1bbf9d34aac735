"""What was applied since anybody last asked, by topic: the worker keeps it by the minute for those who watch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.kernel.clock import machine_now


@dataclass(frozen=True, slots=True)
class Counted:
    """`last_applied_at` is machine time; None while nothing was applied."""

    applied: int = 0
    duplicates: int = 0
    last_applied_at: datetime | None = None

    def plus(self, other: "Counted") -> "Counted":
        """Both together; `other` is the later one."""
        return Counted(
            self.applied + other.applied,
            self.duplicates + other.duplicates,
            other.last_applied_at or self.last_applied_at,
        )


class Counts:
    """One consumer's. Not thread-safe: whoever applies and whoever asks hold the same lock."""

    def __init__(self) -> None:
        self._counted: dict[str, Counted] = {}

    def add(self, topic: str, *, applied: int, duplicates: int = 0) -> None:
        fresh = Counted(applied, duplicates, machine_now() if applied else None)
        self._counted[topic] = self._counted.get(topic, Counted()).plus(fresh)

    def take(self) -> dict[str, Counted]:
        """All since the last take; whoever can't keep it gives it back."""
        taken, self._counted = self._counted, {}
        return taken

    def give_back(self, taken: Mapping[str, Counted]) -> None:
        for topic, counted in taken.items():
            self._counted[topic] = counted.plus(self._counted.get(topic, Counted()))
