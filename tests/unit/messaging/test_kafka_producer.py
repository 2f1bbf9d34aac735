"""A producer that got no answer is not asked again: a new one is built, and the facts go again."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from kafka import errors as kafka_errors

from shared.messaging.backoff import Backoff
from shared.messaging.kafka import producer as producer_module
from shared.messaging.kafka.producer import KafkaLogProducer
from shared.messaging.log import BrokerAway, Record, RecordRefused
from tests.support.bus import a_booster_due, a_record


class Client:
    """kafka-python's producer, as far as ours uses it; answers nothing unless it is told to."""

    def __init__(self, answers: bool) -> None:
        self.answers = answers
        self.given_up = False
        self._sender = self._transaction_manager = self

    def has_fatal_error(self) -> bool:
        return False

    def send(self, *_: object, **__: object) -> "Client":
        return self

    def succeeded(self) -> bool:
        return self.answers

    def get(self, timeout: float) -> None:
        if not self.answers:
            raise kafka_errors.KafkaTimeoutError

    def flush(self, timeout: float) -> None: ...

    def force_close(self) -> None:
        self.given_up = True

    def close(self, timeout: float) -> None: ...


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Client]:
    """Every client that was built, in order; only the first stays silent."""
    clients: list[Client] = []

    def made(_kind: Any, **_settings: Any) -> Client:
        clients.append(Client(answers=bool(clients)))
        return clients[-1]

    monkeypatch.setattr(producer_module, "made", made)
    return clients


def test_a_client_that_did_not_answer_is_given_up_and_the_next_one_sends(built: list[Client]) -> None:
    producer = KafkaLogProducer({}, str)
    record = a_record(a_booster_due(), seq=1)
    assert [type(outcome) for outcome in producer.publish([record])] == [BrokerAway]
    assert built[0].given_up
    assert producer.publish([record]) == [None]
    assert producer.publish([record]) == [None]
    assert len(built) == 2


class RefusingClient(Client):
    """Sends what it is given as one batch, and refuses it for one bad record, and all that follows with the same words;
    as kafka-python's does."""

    batches: ClassVar[list[int]] = []

    def __init__(self, bad: Callable[[bytes], Exception | None]) -> None:
        super().__init__(answers=True)
        self._bad = bad
        self._batch: list[bytes] = []
        self._refusal: Exception | None = None

    def has_fatal_error(self) -> bool:
        return self._refusal is not None

    def send(self, *_: object, value: bytes, **__: object) -> "Client":
        self._batch.append(value)
        return self

    def flush(self, timeout: float) -> None:
        self.batches.append(len(self._batch))
        self._refusal = self._refusal or next(filter(None, map(self._bad, self._batch)), None)
        self._batch.clear()

    def succeeded(self) -> bool:
        return self._refusal is None

    def get(self, timeout: float) -> None:
        assert self._refusal is not None
        raise self._refusal


@pytest.fixture
def refuses(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[bytes], Exception | None]], list[Record]]:
    """Let the broker refuse what a function of a record's value says; eight records."""

    def refuse(bad: Callable[[bytes], Exception | None]) -> list[Record]:
        RefusingClient.batches.clear()
        monkeypatch.setattr(producer_module, "made", lambda _kind, **_settings: RefusingClient(bad))
        return [a_record(a_booster_due(), seq=1, value=b"%d" % n) for n in range(8)]

    return refuse


def test_who_is_refused_in_company_is_found_and_all_others_are_sent(refuses: Any) -> None:
    records = refuses(lambda value: kafka_errors.MessageSizeTooLargeError() if value == b"5" else None)
    producer = KafkaLogProducer({}, str)
    outcomes = [type(outcome) for outcome in producer.publish(records)]
    assert outcomes == [type(None)] * 5 + [RecordRefused] + [type(None)] * 2


def test_a_client_that_was_refused_is_not_used_again(refuses: Any) -> None:
    records = refuses(lambda value: kafka_errors.CorruptRecordError() if value == b"5" else None)
    producer = KafkaLogProducer({}, str)
    assert [type(outcome) for outcome in producer.publish(records[5:6])] == [RecordRefused]
    assert producer.publish(records[:5]) == [None] * 5


def test_a_topic_that_is_closed_to_us_is_asked_once_for_all(refuses: Any) -> None:
    records = refuses(lambda _: kafka_errors.TopicAuthorizationFailedError())
    producer = KafkaLogProducer({}, str)
    assert {type(outcome) for outcome in producer.publish(records)} == {RecordRefused}
    assert RefusingClient.batches == [8]


def test_the_search_for_who_is_refused_ends_in_time(refuses: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What there was no time for is not known to be refused: it goes again."""
    at = [0.0]

    def passes() -> float:
        at[0] += 0.5
        return at[0]

    monkeypatch.setattr(producer_module, "monotonic", passes)
    records = refuses(lambda _: kafka_errors.CorruptRecordError())
    outcomes = [type(outcome) for outcome in KafkaLogProducer({}, str).publish(records)]
    assert BrokerAway in outcomes
    assert len(RefusingClient.batches) < 12


def test_nothing_that_was_away_is_asked_more_seldom_than_every_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    at = [0.0]
    monkeypatch.setattr("shared.messaging.backoff.monotonic", lambda: at[0])
    backoff = Backoff()
    for _ in range(100):
        backoff.failed()
    at[0] = 5.0
    assert not backoff.waiting
