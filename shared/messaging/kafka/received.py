"""What a fetched record becomes: the same for live reading, replay and who only looks."""

from collections.abc import Sequence
from typing import Any

from shared.messaging.log import Received


def received(topic: str, topic_id: str, record: Any) -> Received:
    """`record` is kafka-python's; `topic` is our name of it."""
    return Received(
        topic=topic,
        topic_id=topic_id,
        partition=record.partition,
        offset=record.offset,
        key=None if record.key is None else _text(record.key),
        headers=_headers(record.headers),
        value=record.value or b"",
    )


def _headers(pairs: Sequence[tuple[str, bytes | None]]) -> dict[str, str]:
    try:
        headers = {name: value.decode() for name, value in pairs}  # type: ignore[union-attr]
    except (AttributeError, UnicodeDecodeError):  # none, or no text
        headers = {name: _text(value or b"") for name, value in pairs}
    if len(headers) == len(pairs):
        return headers
    # whoever says two things under one name has said neither: as one they fit no header's rules
    together: dict[str, list[str]] = {}
    for name, value in pairs:
        together.setdefault(name, []).append(_text(value or b""))
    return {name: ", ".join(values) for name, values in together.items()}


def _text(raw: bytes) -> str:
    return raw.decode(errors="backslashreplace")
