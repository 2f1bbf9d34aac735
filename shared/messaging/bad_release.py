"""Stops reading when it is the release that fails, not a few patients' events.

Without it a broken handler would park every patient's line within a minute, and each would have to be mended by hand.
"""

from collections import deque
from dataclasses import dataclass

_SLICE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class StopRules:
    """All limits inclusive but `more_than_share`: at least `keys` different keys failing within the window and more
    than that share of what was handled in it; or `keys_in_a_row` different keys failing with no success between."""

    keys: int = 20
    more_than_share: float = 0.05
    keys_in_a_row: int = 50
    window_seconds: float = 600.0


class FailureWatch:
    """Counts first attempts of one topic; `at` is monotonic seconds."""

    def __init__(self, rules: StopRules) -> None:
        self._rules = rules
        self._failed_at: dict[str, float] = {}
        self._row: set[str] = set()
        self._handled: deque[list[float]] = deque()  # [start of slice, number handled]

    def succeeded(self, at: float) -> None:
        self._row.clear()
        self._count(at)

    def failed(self, key: str, at: float) -> None:
        self._row.add(key)
        self._failed_at[key] = at
        self._count(at)

    def says_stop(self, at: float) -> bool:
        if len(self._row) >= self._rules.keys_in_a_row:
            return True
        oldest = at - self._rules.window_seconds
        self._failed_at = {key: seen for key, seen in self._failed_at.items() if seen >= oldest}
        while self._handled and self._handled[0][0] <= oldest - _SLICE_SECONDS:
            self._handled.popleft()
        handled = sum(number for _, number in self._handled)
        failing = len(self._failed_at)
        return failing >= self._rules.keys and failing > self._rules.more_than_share * handled

    def _count(self, at: float) -> None:
        if not self._handled or at - self._handled[-1][0] >= _SLICE_SECONDS:
            self._handled.append([at, 0])
        self._handled[-1][1] += 1
