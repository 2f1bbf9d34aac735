"""Publishes records and answers for each: acknowledged, refused, or not known to have arrived."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from kafka import KafkaProducer
from kafka import errors as kafka_errors

from shared.kernel.clock import monotonic
from shared.messaging.kafka.connection import AWAY, CALL_MS, broker_away, made
from shared.messaging.log import BrokerAway, Record, RecordRefused

PUBLISH_SECONDS = 6.0


class KafkaLogProducer:
    """Builds a new client after any call that left a record unanswered. What the old one had under way is given up, or
    lands late, and is sent again: consumers drop copies. kafka-python's own would stay useless: for good when its
    first word to the broker timed out, or when metadata names a leader absent from the broker list [both measured].
    """

    def __init__(self, settings: Mapping[str, Any], physical: Callable[[str], str]) -> None:
        self._settings = settings
        self._physical = physical
        self._producer: Any = None

    def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        until = monotonic() + PUBLISH_SECONDS
        try:
            producer = self._connected()
        except BrokerAway as away:
            return [away] * len(records)
        sent = self._send_all(producer, records)
        with suppress(*AWAY):  # only to linger no longer than needed: each record's own future is asked below
            producer.flush(timeout=max(0.0, until - monotonic()))
        outcomes = [self._outcome(future, until) for future in sent]
        if any(isinstance(outcome, BrokerAway) for outcome in outcomes):
            self._abandon()
        return outcomes

    def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=1)
        except kafka_errors.KafkaTimeoutError:
            # close gives up when its flush does, and leaves the sending thread running
            producer._sender.force_close()

    def _send_all(self, producer: Any, records: Sequence[Record]) -> list[Any]:
        """A future a record, or the error that kept it from being sent."""
        sent: list[Any] = []
        away: BrokerAway | None = None
        for record in records:
            if away is not None:
                sent.append(away)
                continue
            try:
                sent.append(
                    producer.send(
                        self._physical(record.topic),
                        key=record.key.encode(),
                        value=record.value,
                        headers=[(name, text.encode()) for name, text in record.headers.items()],
                    )
                )
            except (kafka_errors.MessageSizeTooLargeError, kafka_errors.AuthorizationError, ValueError) as error:
                sent.append(RecordRefused(type(error).__name__))
            except AWAY as error:
                away = broker_away(error)
                sent.append(away)
        return sent

    def _outcome(self, sent: Any, until: float) -> Exception | None:
        if isinstance(sent, Exception):
            return sent
        if sent.succeeded():
            return None
        try:
            sent.get(timeout=max(0.0, until - monotonic()))
        except kafka_errors.KafkaError as error:
            return broker_away(error) if _is_away(error) else RecordRefused(type(error).__name__)
        return None

    def _abandon(self) -> None:
        producer, self._producer = self._producer, None
        producer._sender.force_close()
        with suppress(kafka_errors.KafkaTimeoutError):  # its flush waits for nothing
            producer.close(timeout=0)

    def _connected(self) -> Any:
        if self._producer is None:
            try:
                self._producer = made(
                    KafkaProducer,
                    enable_idempotence=True,
                    acks="all",
                    linger_ms=5,
                    batch_size=131072,
                    delivery_timeout_ms=30000,
                    request_timeout_ms=10000,
                    max_block_ms=CALL_MS,
                    allow_auto_create_topics=False,
                    **self._settings,
                )
            except AWAY as error:
                raise broker_away(error) from error
        return self._producer


def _is_away(error: Exception) -> bool:
    refused = (
        kafka_errors.MessageSizeTooLargeError,
        kafka_errors.RecordListTooLargeError,
        kafka_errors.CorruptRecordError,
        kafka_errors.AuthorizationError,
        kafka_errors.InvalidTopicError,
    )
    return not isinstance(error, refused)
