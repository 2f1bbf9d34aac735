"""The event log on Apache Kafka. The only modules that import kafka-python (3.0.12 or later; earlier 3.0 stall).

Everything connects when it is first used, and what kafka-python raises for a broker that is away leaves here as
BrokerAway. The consumer's position is never taken from Kafka: `auto_offset_reset="none"` makes a partition without a
known position say so (PositionLost) instead of jumping silently.
"""

from shared.messaging.kafka.event_log import KafkaLog
from shared.messaging.kafka.subscription import KafkaSubscription

__all__ = ["KafkaLog", "KafkaSubscription"]
