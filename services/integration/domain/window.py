"""The integration window of one session, where an entry falls in it, and where the window stands now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class WindowState(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


class WindowPosition(StrEnum):
    EARLY = "early"
    IN_WINDOW = "in-window"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Window:
    """From `opens_at` to `closes_at`, both included; withdrawn when its session turned out never to have been."""

    opens_at: datetime
    closes_at: datetime
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.opens_at >= self.closes_at:
            raise ValueError("a window opens before it closes")

    def holds(self, instant: datetime) -> bool:
        return self.opens_at <= instant <= self.closes_at

    def state(self, *, now: datetime) -> WindowState:
        if self.withdrawn_at is not None:
            return WindowState.CLOSED
        if now < self.opens_at:
            return WindowState.UPCOMING
        return WindowState.OPEN if now <= self.closes_at else WindowState.CLOSED

    def position(self, written_at: datetime) -> WindowPosition:
        """Where an entry written then falls: both ends count as inside."""
        if written_at < self.opens_at:
            return WindowPosition.EARLY
        return WindowPosition.IN_WINDOW if written_at <= self.closes_at else WindowPosition.LATE
