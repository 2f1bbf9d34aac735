"""A producer that got no answer is not asked again: a new one is built, and the facts go again."""

from typing import Any

import pytest
from kafka import errors as kafka_errors

from shared.messaging.backoff import Backoff
from shared.messaging.kafka import producer as producer_module
from shared.messaging.kafka.producer import KafkaLogProducer
from shared.messaging.log import BrokerAway
from tests.support.bus import a_booster_due, a_record


class Client:
    """kafka-python's producer, as far as ours uses it; answers nothing unless it is told to."""

    def __init__(self, answers: bool) -> None:
        self.answers = answers
        self.given_up = False
        self._sender = self
        self.is_done = answers

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


def test_nothing_that_was_away_is_asked_more_seldom_than_every_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    at = [0.0]
    monkeypatch.setattr("shared.messaging.backoff.monotonic", lambda: at[0])
    backoff = Backoff()
    for _ in range(100):
        backoff.failed()
    at[0] = 5.0
    assert not backoff.waiting
