"""The containers' fixtures for messaging against the real things."""

from tests.support.containers import kafka_events, kafka_url, postgres_database, postgres_url

__all__ = ["kafka_events", "kafka_url", "postgres_database", "postgres_url"]
