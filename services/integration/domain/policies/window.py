"""When a session's integration window opens and closes. Source: docs/clinical/integration-window.md."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.integration.domain.window import Window


@dataclass(frozen=True, slots=True)
class WindowRules:
    """Elapsed time from the end of administration; both ends are inside the window.

    `oldest_entry` is how far before the end of administration a journal for that session may have been written.
    """

    opens_after: timedelta = timedelta(hours=24)
    closes_after: timedelta = timedelta(hours=72)
    oldest_entry: timedelta = timedelta(hours=24)
    source: str = "docs/clinical/integration-window.md"

    def __post_init__(self) -> None:
        if not timedelta() <= self.opens_after < self.closes_after:
            raise ValueError("a window opens at or after the end of administration, and before it closes")
        if self.oldest_entry < timedelta():
            raise ValueError("oldest_entry can’t be negative")


def window_after(administration_ended_at: datetime, rules: WindowRules) -> Window:
    """The window of a session whose administration ended then; `administration_ended_at` is in UTC."""
    return Window(
        opens_at=administration_ended_at + rules.opens_after, closes_at=administration_ended_at + rules.closes_after
    )


def oldest_entry(administration_ended_at: datetime, rules: WindowRules) -> datetime:
    """The earliest instant, inclusive, at which a journal that belongs to this session can have been written."""
    return administration_ended_at - rules.oldest_entry
