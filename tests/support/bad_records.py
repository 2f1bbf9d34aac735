"""What may lie on a topic and is no event that its producer announced: each with the reason it must end with."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from tests.support.bus import a_booster_due, a_record
from tests.support.events import a_session_completed

WORDS = "Jane Fictional wept"  # stands for what no log may show
HUGE = 20_000_000

Headers = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Raw:
    """A record as bytes, as a log holds it."""

    key: bytes | None
    value: bytes | None
    headers: Headers = field(repr=False)


def good(patient: Any, *, seq: int) -> Raw:
    sent = a_record(a_booster_due(patient, revision=seq), seq=seq)
    return Raw(sent.key.encode(), sent.value, [(name, text.encode()) for name, text in sent.headers.items()])


def _plain() -> Raw:
    return good(uuid4(), seq=1)


def _body(**changes: Any) -> Raw:
    plain = _plain()
    assert plain.value is not None
    return replace(plain, value=json.dumps(json.loads(plain.value) | changes).encode())


def _value(value: bytes | None) -> Raw:
    return replace(_plain(), value=value)


def _header(name: str, value: bytes) -> Raw:
    plain = _plain()
    return replace(plain, headers=[(other, value if other == name else text) for other, text in plain.headers])


def _without(name: str) -> Raw:
    plain = _plain()
    return replace(plain, headers=[pair for pair in plain.headers if pair[0] != name])


def _twice(name: str, value: bytes) -> Raw:
    plain = _plain()
    return replace(plain, headers=[*plain.headers, (name, value)])


def _another_topics(*, headers: bool) -> Raw:
    other = a_record(a_session_completed(chair_name=WORDS), seq=1)
    plain = good(a_session_completed().patient_id, seq=1)
    told = [(name, text.encode()) for name, text in other.headers.items()] if headers else plain.headers
    return Raw(plain.key, other.value, told)


def _padded() -> bytes:
    return json.dumps({"words": WORDS * (HUGE // len(WORDS))}).encode()


def _huge_but_readable() -> Raw:
    return _body(added_later=WORDS * (HUGE // len(WORDS)))


def _forged_site() -> Raw:
    return _header("ce_siteid", b"lakeview")


_MAKERS: dict[str, tuple[Callable[[], Raw], str]] = {
    "a wrong type": (lambda: _body(cycle=WORDS), "booster-due: ['cycle']"),
    "several wrong types": (lambda: _body(cycle=None, due_on={WORDS: 1}), "booster-due: ['cycle', 'due_on']"),
    "a code nobody knows": (lambda: _body(state=WORDS), "booster-due: ['state']"),
    "a number beyond all columns": (lambda: _body(cycle=-(10**30)), "booster-due: ['cycle']"),
    "a missing header": (lambda: _without("ce_source"), "header ce_source is missing"),
    "an empty header": (lambda: _header("ce_type", b""), "header ce_type is missing"),
    "a header that is no UTF-8": (
        lambda: _header("ce_id", b"\xff\xfe" + WORDS.encode()),
        "ce_id or ce_time is malformed",
    ),
    "no headers": (lambda: replace(_plain(), headers=[]), "header ce_id is missing"),
    "a forged source": (lambda: _header("ce_source", b"/services/intake"), "ce_source is not the topic's producer"),
    "a source with words": (lambda: _header("ce_source", WORDS.encode()), "ce_source is not the topic's producer"),
    "a forged subject": (
        lambda: _header("ce_subject", str(uuid4()).encode()),
        "ce_siteid or ce_subject is not the event's",
    ),
    "a forged site": (_forged_site, "ce_siteid or ce_subject is not the event's"),
    "a site with words": (lambda: _header("ce_siteid", WORDS.encode()), "ce_siteid or ce_correlationid is malformed"),
    "a cause with words": (
        lambda: _header("ce_correlationid", WORDS.encode()),
        "ce_siteid or ce_correlationid is malformed",
    ),
    "an unknown version": (lambda: _header("ce_type", b"booster-due.v9"), "ce_type is not one that this release reads"),
    "no place in the line": (lambda: _header("ce_keyseq", WORDS.encode()), "ce_keyseq is no whole number from 1"),
    "place 0": (lambda: _header("ce_keyseq", b"0"), "ce_keyseq is no whole number from 1"),
    "a place in other digits": (lambda: _header("ce_keyseq", "١".encode()), "ce_keyseq is no whole number from 1"),
    "a place beyond all columns": (lambda: _header("ce_keyseq", b"9" * 19), "ce_keyseq or ce_time is out of range"),
    "a time without a zone": (
        lambda: _header("ce_time", b"2026-03-02T10:00:00"),
        "ce_keyseq or ce_time is out of range",
    ),
    "a sequence from the future": (lambda: _header("ce_keyseq", b"9"), "gap"),
    "the last place there is": (lambda: _header("ce_keyseq", str(2**63 - 1).encode()), "gap"),
    "another topic's payload": (lambda: _another_topics(headers=False), "booster-due: ['cycle', 'due_on'"),
    "another topic's record": (lambda: _another_topics(headers=True), "ce_type is not one that this release reads"),
    "no JSON": (lambda: _value(WORDS.encode()), "booster-due: not JSON"),
    "half a JSON": (lambda: _value(b'{"cycle": '), "booster-due: not JSON"),
    "JSON of another shape": (lambda: _value(json.dumps([WORDS]).encode()), "booster-due: ['_schema']"),
    "JSON as deep as a well": (lambda: _value(b"[" * 60_000), "booster-due: not JSON"),
    "no UTF-8": (lambda: _value(b'{"cycle": "\xff\xfe"}'), "booster-due: not JSON"),
    "nothing but zeros": (lambda: _value(b"\x00" * 1000), "booster-due: not JSON"),
    "an empty value": (lambda: _value(b""), "booster-due: not JSON"),
    "a tombstone": (lambda: _value(None), "booster-due: not JSON"),
    "20 MB": (lambda: _value(_padded()), "booster-due: more than 65536 bytes"),
    "20 MB that could be read": (_huge_but_readable, "booster-due: more than 65536 bytes"),
    "a header of 500 kB": (lambda: _twice("x-words", WORDS.encode() * 26_000), "the headers have more than"),
    "ten thousand headers": (
        lambda: replace(_plain(), headers=[*_plain().headers, *((f"x-{n}", b"1") for n in range(10_000))]),
        "the headers have more than",
    ),
    "a key that is absent": (lambda: replace(_plain(), key=None), "ce_partitionkey is not the record's key"),
    "a key that is no UTF-8": (lambda: replace(_plain(), key=b"\xff" * 36), "ce_partitionkey is not the record's key"),
    "a key of another patient": (lambda: replace(_plain(), key=str(uuid4()).encode()), "ce_partitionkey is not"),
    "key and header of another patient": (lambda: _of_another(str(uuid4())), "the key is not the event's patient"),
    "key and header with words": (lambda: _of_another(WORDS), "the key is not the event's patient"),
}
# a header can't come twice in the embedded log, which keeps headers by name
_TWICE: dict[str, tuple[Callable[[], Raw], str]] = {
    "two ids": (lambda: _twice("ce_id", str(uuid4()).encode()), "ce_id or ce_time is malformed"),
    "two places in the line": (lambda: _twice("ce_keyseq", b"2"), "ce_keyseq is no whole number from 1"),
    "two sources": (lambda: _twice("ce_source", b"/services/maintenance"), "ce_source is not the topic's producer"),
    "two sites": (lambda: _twice("ce_siteid", WORDS.encode()), "ce_siteid or ce_correlationid is malformed"),
    "two patients": (lambda: _twice("ce_partitionkey", str(uuid4()).encode()), "ce_partitionkey is not"),
    "two subjects": (lambda: _twice("ce_subject", str(uuid4()).encode()), "ce_siteid or ce_subject is not the event's"),
    "two causes": (lambda: _twice("ce_correlationid", WORDS.encode()), "ce_siteid or ce_correlationid is malformed"),
}


def _of_another(patient: str) -> Raw:
    return replace(_header("ce_partitionkey", patient.encode()), key=patient.encode())


def bad_records(adapter: str) -> dict[str, tuple[Callable[[], Raw], str]]:
    """Name → what makes the record, and the reason that it must end with."""
    return _MAKERS | (_TWICE if adapter == "kafka" else {})
