"""How far a consumer is behind: from its own database's fences to the log's ends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shared.messaging.log import Subscription, TopicPartition


@dataclass(frozen=True, slots=True)
class Lag:
    """Records between the fence and the log's end, by partition of the topics consumed."""

    behind: dict[TopicPartition, int]


def lag_behind(
    fences: Mapping[tuple[str, int], int], subscription: Subscription, partitions: Collection[TopicPartition]
) -> Lag:
    """Of `partitions`, with fences by (topic_id, partition); one without a fence counts from the log's beginning.
    Raises BrokerAway."""
    beginnings = subscription.beginning_offsets(partitions)
    behind = {}
    for partition, end in subscription.end_offsets(partitions).items():
        here = fences.get((subscription.topic_id(partition.topic) or "", partition.partition))
        behind[partition] = max(0, end - max(beginnings[partition], here or 0))
    return Lag(behind)
