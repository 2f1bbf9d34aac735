"""The quick reader takes what the schema takes, as the schema takes it, and nothing else."""

import dataclasses
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from shared.contracts.fields import Instant
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


def _exact(event: Any) -> list[tuple[type, Any]]:
    """Every value with its type: True is no 1, though Python calls them equal."""
    return [(type(value), value) for value in (getattr(event, field.name) for field in dataclasses.fields(event))]


_BAD_EVERYWHERE = [[], {}, 1.5, float("nan"), float("inf"), "", " ", "nonsense", "x" * 70_000]
_BAD = {
    fields.UUID: [
        7,
        True,
        int("12345678" * 4),
        "0b9f4a52-8f0e-4b7e-9d0a-0f6f6f1f2a1",
        "0b9f4a52-8f0e-4b7e-9d0a-0f6f6f1f2a111",
    ],
    fields.Integer: [True, False, "7", 10**30, -(10**30), 7.5, "x"],
    fields.Boolean: [2, -1, "perhaps", None],
    fields.Enum: ["JOURNAL", 0, True, None, ["final"]],
    fields.Date: [20260504, "2026-02-30", "2026-05-04T00:00:00", True],
    Instant: [0, True, "2026-03-04", "2026-03-04T15:00:00", "2026-03-04T25:00:00Z", "2026-02-30T15:00:00Z"],
    fields.String: [7, True, None, ["riverside"]],
}
_PUBLISHED = [(event, name) for event in _EVENTS[1:] for name in contract_of(event).schema().fields]


@pytest.mark.parametrize(
    ("event", "name"), _PUBLISHED, ids=[f"{type(event).__name__}.{name}" for event, name in _PUBLISHED]
)
def test_whatever_stands_in_one_field_is_read_as_the_schema_reads_it_or_left_to_it(event: Any, name: str) -> None:
    """Wrong types, bool for int, NaN, out of range, wrong codes, naive times, too long: field by field."""
    contract = contract_of(event)
    field = contract.schema().fields[name]
    body = json.loads(contract.encode(event))
    kinds = [bad for kind, bad in _BAD.items() if isinstance(field, kind)]
    assert kinds, f"no bad values are known for {type(field).__name__}"
    for value in [None, *_BAD_EVERYWHERE, *kinds[0]]:
        quick, slow = _quick(contract, body | {name: value}), _by_schema(contract, body | {name: value})
        assert quick is None or (slow is not None and _exact(quick) == _exact(slow)), value
    left_out = {key: value for key, value in body.items() if key != name}
    assert _quick(contract, left_out) is None
    assert _quick(contract, body | {"added_next_year": [name]}) == event


@dataclass
class _Numbered:
    number: Any


def _numbered(*limits: validate.Range, **how: Any) -> Any:
    field = fields.Integer(strict=True, validate=list(limits), **how)
    return quick_reader(type("Numbered", (Schema,), {"number": field})(), _Numbered)


@pytest.mark.parametrize(("number", "read"), [(-1, False), (0, True), (1, True), (9, True), (10, True), (11, False)])
def test_a_number_is_read_quickly_up_to_both_of_its_limits(number: int, read: bool) -> None:
    quick = _numbered(validate.Range(min=0, max=10))
    assert quick({"number": number}) == (_Numbered(number) if read else None)


@pytest.mark.parametrize(("number", "read"), [(2, False), (3, True), (7, True), (8, False)])
def test_of_several_limits_the_narrowest_count(number: int, read: bool) -> None:
    ranges = [validate.Range(min=0, max=7), validate.Range(min=3, max=10)]
    for limits in (ranges, ranges[::-1]):
        assert (_numbered(*limits)({"number": number}) is not None) == read


def test_a_number_with_another_kind_of_limit_is_no_quick_readers() -> None:
    with pytest.raises(TypeError, match="validators of number"):
        _numbered(validate.OneOf([1, 2]))  # type: ignore[arg-type]


@pytest.mark.parametrize("how", [{"min_inclusive": False}, {"max_inclusive": False}], ids=str)
def test_a_limit_that_is_exclusive_is_no_quick_readers(how: dict[str, bool]) -> None:
    with pytest.raises(TypeError, match="validators of number"):
        _numbered(validate.Range(min=0, max=10, **how))


def test_a_number_of_any_size_is_read_where_nothing_limits_it() -> None:
    assert _numbered()({"number": -(10**30)}) == _Numbered(-(10**30))
    assert _numbered(validate.Range(min=0))({"number": 10**30}) == _Numbered(10**30)
    assert _numbered(validate.Range(max=0))({"number": -(10**30)}) == _Numbered(-(10**30))


def test_nothing_stands_for_a_number_only_where_the_schema_allows_it() -> None:
    assert _numbered(allow_none=True)({"number": None}) == _Numbered(None)
    assert _numbered()({"number": None}) is None


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
    assert quick is None or _exact(quick) == _exact(_by_schema(contract, body))


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
