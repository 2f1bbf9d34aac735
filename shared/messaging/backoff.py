"""How long to wait before asking again something that is away."""

from random import Random

from shared.kernel.clock import monotonic


class Backoff:
    """Doubles from `first_seconds` to `longest_seconds`, with up to 20 % jitter; measured on the machine's clock.

    What was away has to be noticed within 10 s of its return, and facts then pass several hops: each may sleep through
    only a part of that.
    """

    def __init__(self, *, first_seconds: float = 0.5, longest_seconds: float = 4.0) -> None:
        self._first = first_seconds
        self._longest = longest_seconds
        self._random = Random()  # noqa: S311 - jitter, not a secret
        self._failures = 0
        self._until = 0.0

    @property
    def failures(self) -> int:
        return self._failures

    @property
    def waiting(self) -> bool:
        return monotonic() < self._until

    def failed(self) -> None:
        plain = min(self._first * 2.0 ** min(self._failures, 20), self._longest)
        self._failures += 1
        self._until = monotonic() + plain * self._random.uniform(0.8, 1.2)

    def succeeded(self) -> None:
        self._failures = 0
        self._until = 0.0
