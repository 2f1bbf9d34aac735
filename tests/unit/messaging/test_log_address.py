"""AFTERGLOW_EVENTS: what is accepted, and what is refused before anything starts."""

from pathlib import Path

import pytest

from shared.messaging.log import BadLogUrl, KafkaAddress, KafkaCredentials, open_log, parse_kafka_url


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("kafka://broker:9092", KafkaAddress(("broker:9092",))),
        ("kafka://a:9092,b:9093", KafkaAddress(("a:9092", "b:9093"))),
        ("kafka://broker:9092/t1", KafkaAddress(("broker:9092",), "t1")),
        ("kafka://broker:9092/", KafkaAddress(("broker:9092",))),
    ],
)
def test_an_address_is_read(url: str, address: KafkaAddress) -> None:
    assert parse_kafka_url(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "Embedded",
        "kafka",
        "kafka://",
        "kafka://broker",
        "kafka://broker:port",
        "kafka://broker:0",
        "kafka://broker:65536",
        "kafka://:9092",
        "kafka://a:9092,b",
        "redis://broker:9092",
        "kafka://broker:9092/a/b",
        "kafka://broker:9092/ü",
        "kafka://broker:9092?x=1",
        "kafka://[broker:9092",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadLogUrl):
        open_log(url, tmp_path)


def test_opening_a_log_connects_to_nothing(tmp_path: Path) -> None:
    open_log("kafka://127.0.0.1:1", tmp_path).close()
    open_log("embedded", tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_never_shown() -> None:
    assert "hunter2" not in repr(KafkaCredentials("intake", "hunter2", "SASL_PLAINTEXT"))
