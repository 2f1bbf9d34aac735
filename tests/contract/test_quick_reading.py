"""The quick reader takes what the schema takes, as the schema takes it, and nothing else."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from shared.contracts.reading import quick_reader
from shared.contracts.registry import REGISTRY, Contract, contract_of
from shared.contracts.session_completed import SessionKind
from tests.support.events import a_booster_due, a_discharge_cleared, a_journal_submitted, a_session_completed

_EVENTS = [
    a_session_completed(),
    a_session_completed(booster_cycle=3),
    a_discharge_cleared(),
    a_journal_submitted(),
    a_journal_submitted(mood_0_10=None, contact_requested=True),
    a_booster_due(),
]
_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        [
            "",
            "Z",
            "2026-03-04",
            "20260304",
            "2026-03-04Z",
            "2026-W10-3",
            "2026-03-04T15:00:00",
            "2026-03-04T15:00:00Z",
            "2026-03-04T15:00:00z",
            "2026-03-04 15:00:00+00:00",
            "2026-03-04T15:00:00.5+02:00",
            "0001-01-01T00:00:00+05:00",
            "9999-12-31T23:59:59-05:00",
            "0B9F4A528F0E4B7E9D0A0F6F6F1F2A11",
            "{0b9f4a52-8f0e-4b7e-9d0a-0f6f6f1f2a11}",
            "urn:uuid:0b9f4a52-8f0e-4b7e-9d0a-0f6f6f1f2a11",
            "journal",
            "JOURNAL",
            "final",
            "true",
            "1",
            0,
            1,
            1.0,
            10,
            11,
            "٣",
            [],
            {},
            ["journal"],
        ]
    ),
)


def _contract(topic: str) -> Contract:
    return next(contract for contract in REGISTRY if contract.topic == topic)


def _by_schema(contract: Contract, body: Any) -> Any:
    try:
        return contract.schema(unknown=EXCLUDE).load(body)
    except ValidationError:
        return None


def _quick(contract: Contract, body: Any) -> Any:
    return quick_reader(contract.schema(unknown=EXCLUDE), contract.event)(body)


@pytest.mark.parametrize("event", _EVENTS, ids=lambda event: type(event).__name__)
def test_what_is_published_is_read_quickly_and_as_the_schema_reads_it(event: Any) -> None:
    contract = contract_of(event)
    body = json.loads(contract.encode(event))
    assert _quick(contract, body) == event == _by_schema(contract, body)


@pytest.mark.parametrize("contract", REGISTRY, ids=lambda contract: contract.topic)
@settings(max_examples=400, deadline=None)
@given(picked=st.data())
def test_what_is_read_quickly_is_what_the_schema_reads(contract: Contract, picked: st.DataObject) -> None:
    event = picked.draw(st.sampled_from([event for event in _EVENTS if contract_of(event) is contract]))
    body = json.loads(contract.encode(event))
    for name in picked.draw(st.lists(st.sampled_from([*body, "added_next_year"]), max_size=3)):
        body[name] = picked.draw(_ODD)
    for name in picked.draw(st.lists(st.sampled_from([*body]), max_size=1)):
        del body[name]
    quick = _quick(contract, body)
    assert quick is None or quick == _by_schema(contract, body)


@pytest.mark.parametrize("body", [None, 7, "text", [], [1], {}], ids=repr)
@pytest.mark.parametrize("contract", REGISTRY, ids=lambda contract: contract.topic)
def test_a_body_of_another_shape_is_left_to_the_schema(contract: Contract, body: Any) -> None:
    assert _quick(contract, body) is None


@pytest.mark.parametrize("spelling", ["2026-03-04T17:05:00+02:00", "2026-03-04T15:05:00.000000+00:00"])
def test_an_instant_with_another_offset_is_the_same_instant(spelling: str) -> None:
    contract = _contract("journal-submitted")
    body = json.loads(contract.encode(a_journal_submitted())) | {"submitted_at": spelling}
    read: Any = contract.decode(json.dumps(body).encode())
    assert read.submitted_at == datetime(2026, 3, 4, 15, 5, tzinfo=UTC)
    assert read.submitted_at.tzinfo != timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    "field",
    [fields.Float(), fields.String(validate=validate.Length(max=3)), fields.Integer(), fields.Enum(SessionKind)],
    ids=lambda field: type(field).__name__,
)
def test_a_field_that_no_quick_reader_knows_is_refused_when_the_reader_is_made(field: fields.Field[Any]) -> None:
    @dataclass
    class Event:
        number: Any

    with pytest.raises(TypeError, match="quick reader"):
        quick_reader(type("Odd", (Schema,), {"number": field})(), Event)


def test_a_schema_of_another_event_is_refused() -> None:
    with pytest.raises(TypeError, match="same fields"):
        quick_reader(_contract("booster-due").schema(), _contract("journal-submitted").event)
