"""What Kafka's bytes become before anybody judges them: nothing raises, nothing is guessed."""

from typing import NamedTuple

import pytest

from shared.messaging.kafka.received import received


class Fetched(NamedTuple):
    """As kafka-python hands it out."""

    key: bytes | None = b"k"
    value: bytes | None = b"{}"
    headers: tuple[tuple[str, bytes | None], ...] = ()
    partition: int = 3
    offset: int = 7


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        ((("a", b"1"), ("b", "ß".encode())), {"a": "1", "b": "ß"}),
        ((("a", None),), {"a": ""}),
        ((("a", b"\xff1"),), {"a": "\\xff1"}),
        ((("a", b"1"), ("b", b"2"), ("a", b"3")), {"a": "1, 3", "b": "2"}),
        ((("a", b"1"), ("a", b"1")), {"a": "1, 1"}),
        ((("a", None), ("a", b"1")), {"a": ", 1"}),
    ],
    ids=["plain", "null", "no UTF-8", "twice", "twice the same", "null and not"],
)
def test_headers_are_read_as_they_came(headers: tuple[tuple[str, bytes | None], ...], read: dict[str, str]) -> None:
    assert received("booster-due", "id", Fetched(headers=headers)).headers == read


def test_a_key_and_a_value_may_be_absent() -> None:
    found = received("booster-due", "id", Fetched(key=None, value=None))
    assert (found.key, found.value, found.partition, found.offset) == (None, b"", 3, 7)
