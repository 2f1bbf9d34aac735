"""What a real broker does on its worst days, for the embedded log to act out in tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from shared.messaging.log import BrokerAway, Received, Record, TopicPartition

Publish = Callable[[Sequence[Record]], list[Exception | None]]
Batches = dict[TopicPartition, list[Received]]


class Hostility(Protocol):
    def publish(self, append: Publish, records: Sequence[Record]) -> list[Exception | None]: ...

    def rebalances(self) -> bool: ...

    def deliver(self, batches: Batches) -> Batches: ...


class Calm:
    """The broker of good days."""

    def publish(self, append: Publish, records: Sequence[Record]) -> list[Exception | None]:
        return append(records)

    def rebalances(self) -> bool:
        return False

    def deliver(self, batches: Batches) -> Batches:
        return batches


@dataclass
class Hostile:
    """Each figure is the chance, from 0 to 1, of that mishap at one call.

    duplicate: a record is appended twice, as after a lost acknowledgement. shuffle: a batch is appended in another
    order across keys (never within a key). bounce: the broker goes away, before or after it took the batch, or in a
    poll. rebalance: all positions fall back to the committed hint.
    """

    seed: int
    duplicate: float = 0.0
    shuffle: float = 0.0
    rebalance: float = 0.0
    bounce: float = 0.0
    _random: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - a test must be able to repeat it

    def publish(self, append: Publish, records: Sequence[Record]) -> list[Exception | None]:
        if self._happens(self.bounce):
            if self._happens(0.5):
                append(records)  # taken, but the acknowledgement is lost
            return [BrokerAway("bounced")] * len(records)
        order = list(range(len(records)))
        if self._happens(self.shuffle):
            order = self._shuffled(records)
        outcomes: list[Exception | None] = [None] * len(records)
        for place, outcome in zip(order, append([records[i] for i in order]), strict=True):
            outcomes[place] = outcome
        repeated = [record for record in records if self._happens(self.duplicate)]
        if repeated:
            append(repeated)
        return outcomes

    def rebalances(self) -> bool:
        return self._happens(self.rebalance)

    def deliver(self, batches: Batches) -> Batches:
        if self._happens(self.bounce):
            raise BrokerAway("bounced")
        return batches

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self._random.random() < chance

    def _shuffled(self, records: Sequence[Record]) -> list[int]:
        lines: dict[tuple[str, str], list[int]] = {}
        for index, record in enumerate(records):
            lines.setdefault((record.topic, record.key), []).append(index)
        order: list[int] = []
        while lines:
            line = self._random.choice(list(lines))
            order.append(lines[line].pop(0))
            if not lines[line]:
                del lines[line]
        return order
