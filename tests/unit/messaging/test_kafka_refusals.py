"""Whether a broker is away or doesn't let us in, from how kafka-python's connections to it failed."""

from types import SimpleNamespace
from typing import Any

import pytest
from kafka import errors as kafka_errors

from shared.messaging.kafka.connection import broker_away, refusal_among
from shared.messaging.log import Away

REFUSED = kafka_errors.SaslAuthenticationFailedError("no such user or password")
HUNG_UP = kafka_errors.KafkaConnectionError("socket disconnected")
TIMED_OUT = kafka_errors.KafkaConnectionError("timeout")


def connection(*, signs_in: bool = True, knows_the_broker: bool = True) -> Any:
    return SimpleNamespace(sasl_enabled=signs_in, broker_version_data="4.0" if knows_the_broker else None)


@pytest.mark.parametrize(
    ("failures", "refused"),
    [
        ([(connection(), TIMED_OUT), (connection(), REFUSED)], True),
        ([(connection(), HUNG_UP), (connection(), HUNG_UP)], True),
        ([(connection(), HUNG_UP), (connection(), TIMED_OUT)], False),
        ([(connection(knows_the_broker=False), HUNG_UP)], False),
        ([(connection(signs_in=False), HUNG_UP)], False),
        ([], False),
    ],
    ids=[
        "one answer was read",
        "hung up on while signing in, each time",
        "once it did not answer at all",
        "a proxy that hangs up before it is known for a broker",
        "nobody signs in there",
        "nothing was tried",
    ],
)
def test_a_refused_sign_in_is_told_from_a_broker_that_is_away(
    failures: list[tuple[Any, Exception]], refused: bool
) -> None:
    assert isinstance(refusal_among(failures), kafka_errors.SaslAuthenticationFailedError) == refused


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (REFUSED, Away.SIGN_IN),
        (kafka_errors.UnsupportedSaslMechanismError("SCRAM-SHA-512"), Away.SIGN_IN),
        (kafka_errors.IllegalSaslStateError(), Away.SIGN_IN),
        (kafka_errors.TopicAuthorizationFailedError("booster-due"), Away.RIGHTS),
        (kafka_errors.GroupAuthorizationFailedError("intake"), Away.RIGHTS),
        (kafka_errors.KafkaTimeoutError(), Away.LOG),
        (OSError(), Away.LOG),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_kafka_python_raises_is_one_of_three_things_and_nothing_of_what_it_says(
    error: Exception, why: Away
) -> None:
    away = broker_away(error)
    assert (away.why, str(away)) == (why, type(error).__name__)
