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
# what a broker says of a whole batch for the sake of one record in it
_OF_A_BATCH = (
    kafka_errors.MessageSizeTooLargeError,
    kafka_errors.RecordListTooLargeError,
    kafka_errors.CorruptRecordError,
    kafka_errors.InvalidRecordError,
)
_REFUSALS = (*_OF_A_BATCH, kafka_errors.AuthorizationError, kafka_errors.InvalidTopicError, ValueError)


class KafkaLogProducer:
    """Builds a new client after any call that left a record unanswered. What the old one had under way is given up, or
    lands late, and is sent again: consumers drop copies. kafka-python's own would stay useless: for good when its
    first word to the broker timed out, or when metadata names a leader absent from the broker list [both measured].

    After a refusal too: an idempotent client answers everything that follows with that same refusal. So what was
    refused in company is divided and sent again, until whoever is refused is found; all others are sent.
    """

    def __init__(self, settings: Mapping[str, Any], physical: Callable[[str], str]) -> None:
        self._settings = settings
        self._physical = physical
        self._producer: Any = None

    def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        failures = self._failures(records, monotonic() + PUBLISH_SECONDS)
        if any(failure is not None and not isinstance(failure, _REFUSALS) for failure in failures):
            self._abandon()
        return [None if failure is None else _outcome(failure) for failure in failures]

    def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=1)
        except kafka_errors.KafkaTimeoutError:
            # close gives up when its flush does, and leaves the sending thread running
            producer._sender.force_close()

    def _failures(self, records: Sequence[Record], until: float) -> list[Exception | None]:
        """What kept each record out of the log; None for what is in it."""
        try:
            producer = self._connected(until)
        except AWAY as error:
            return [broker_away(error)] * len(records)
        sent = self._send_all(producer, records)
        with suppress(*AWAY):  # only to linger no longer than needed: each record's own future is asked below
            producer.flush(timeout=max(0.0, until - monotonic()))
        failures = [self._failure(future, until) for future in sent]
        doubted = [
            i for i, failure in enumerate(failures) if failure is not sent[i] and isinstance(failure, _OF_A_BATCH)
        ]
        if len(doubted) > 1:
            middle = len(doubted) // 2
            for half in (doubted[:middle], doubted[middle:]):
                again = self._failures([records[i] for i in half], until)
                for i, failure in zip(half, again, strict=True):
                    failures[i] = failure
        return failures

    def _send_all(self, producer: Any, records: Sequence[Record]) -> list[Any]:
        """A future a record, or the error that kept it from being sent."""
        sent: list[Any] = []
        away: Exception | None = None
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
            except _REFUSALS as error:
                sent.append(error)
            except AWAY as error:
                away = error
                sent.append(away)
        return sent

    def _failure(self, sent: Any, until: float) -> Exception | None:
        failure: Exception | None = sent if isinstance(sent, Exception) else None
        if failure is None and not sent.succeeded():
            try:
                sent.get(timeout=max(0.0, until - monotonic()))
            except kafka_errors.KafkaError as error:
                failure = error
        return failure

    def _abandon(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        producer._sender.force_close()
        with suppress(kafka_errors.KafkaTimeoutError):  # its flush waits for nothing
            producer.close(timeout=0)

    def _connected(self, until: float) -> Any:
        """Raises AWAY."""
        if self._producer is not None and self._producer._transaction_manager.has_fatal_error():
            self._abandon()
        if self._producer is None:
            if monotonic() >= until:
                raise kafka_errors.KafkaTimeoutError
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
        return self._producer


def _outcome(failure: Exception) -> Exception:
    if isinstance(failure, _REFUSALS):
        return RecordRefused(type(failure).__name__)
    return failure if isinstance(failure, BrokerAway) else broker_away(failure)
