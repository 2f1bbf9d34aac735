"""A bare consumer that starts at the beginning of a topic."""

from typing import Any
from uuid import uuid4

from kafka import KafkaConsumer


def from_the_beginning(server: str, topic: str) -> Any:
    return KafkaConsumer(
        topic,
        bootstrap_servers=server,
        group_id=f"peer-{uuid4().hex[:8]}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
