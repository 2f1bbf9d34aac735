"""The four events: what was ever published still reads, what is wrong is named and never quoted."""

import json
import subprocess
import sys
from dataclasses import MISSING, asdict, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from shared.contracts.booster_due import BoosterReason, BoosterState
from shared.contracts.discharge_cleared import Disposition
from shared.contracts.envelope import Envelope
from shared.contracts.export import FOLDER, json_schema
from shared.contracts.journal_submitted import Sharing
from shared.contracts.registry import REGISTRY, Contract, Event, Undecodable, contract_for_topic, contract_of
from shared.contracts.session_completed import SessionKind, SessionStatus
from tests.support.events import a_booster_due, a_discharge_cleared, a_journal_submitted, a_session_completed

GOLDEN = Path(__file__).parent / "golden"
SECRET = "Jane Doe wept"

# every file of the corpus beside the event it stands for; a published file is never changed, only joined by others
CORPUS: dict[str, Event] = {
    "session-completed.v1/induction.json": a_session_completed(),
    "session-completed.v1/booster.json": a_session_completed(kind=SessionKind.BOOSTER, number=2, booster_cycle=3),
    "session-completed.v1/entered-in-error.json": a_session_completed(
        status=SessionStatus.ENTERED_IN_ERROR, revision=4, indication_recorded=False
    ),
    "discharge-cleared.v1/cleared.json": a_discharge_cleared(),
    "discharge-cleared.v1/against-advice.json": a_discharge_cleared(
        disposition=Disposition.LEFT_AGAINST_ADVICE, monitored_minutes=0, revision=2
    ),
    # the two above are older than `status`
    "discharge-cleared.v1/final.json": a_discharge_cleared(status=SessionStatus.FINAL),
    "discharge-cleared.v1/entered-in-error.json": a_discharge_cleared(
        status=SessionStatus.ENTERED_IN_ERROR, revision=2
    ),
    "journal-submitted.v1/shared.json": a_journal_submitted(),
    "journal-submitted.v1/private.json": a_journal_submitted(
        sharing=Sharing.PRIVATE, mood_0_10=None, contact_requested=True
    ),
    "booster-due.v1/due.json": a_booster_due(),
    "booster-due.v1/held.json": a_booster_due(state=BoosterState.HELD, reason=BoosterReason.ON_HOLD, revision=2),
}
PLAIN = {contract_of(event).topic: event for event in reversed(CORPUS.values())}
EACH = pytest.mark.parametrize("contract", REGISTRY, ids=lambda contract: contract.topic)
# what a later minor version added: older events don't have it
ADDED = {
    (contract.topic, one.name): one.default
    for contract in REGISTRY
    for one in fields(contract.event)
    if one.default is not MISSING
}


def each_field(*names: tuple[Contract, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("contract", "name"), names, ids=lambda value: value if isinstance(value, str) else value.topic
    )


_FIELDS = [(contract, one.name) for contract in REGISTRY for one in fields(contract.event)]
EACH_FIELD = each_field(*_FIELDS)
EACH_FIRST_FIELD = each_field(*((contract, name) for contract, name in _FIELDS if (contract.topic, name) not in ADDED))
EACH_ADDED_FIELD = each_field(*((contract, name) for contract, name in _FIELDS if (contract.topic, name) in ADDED))


def body_of(contract: Contract) -> dict[str, Any]:
    return dict(json.loads(contract.encode(PLAIN[contract.topic])))


def test_the_corpus_has_every_file_and_no_other() -> None:
    found = {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.json")}
    assert found == set(CORPUS)
    assert {name.split("/")[0] for name in CORPUS} == {contract.type for contract in REGISTRY}


@pytest.mark.parametrize("name", CORPUS)
def test_what_was_ever_published_still_reads_field_by_field(name: str) -> None:
    contract = contract_of(CORPUS[name])
    assert asdict(contract.decode((GOLDEN / name).read_bytes())) == asdict(CORPUS[name])


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_published_now_is_what_was_published_then(name: str) -> None:
    contract = contract_of(CORPUS[name])
    then = json.loads((GOLDEN / name).read_text())
    added = {one: default.value for (topic, one), default in ADDED.items() if topic == contract.topic}
    assert json.loads(contract.encode(CORPUS[name])) == added | then


@EACH
def test_a_field_that_a_later_version_added_is_ignored(contract: Contract) -> None:
    body = body_of(contract) | {"added_later": {"deep": [1]}, "name": SECRET}
    assert contract.decode(json.dumps(body).encode()) == PLAIN[contract.topic]


@EACH_FIRST_FIELD
def test_a_missing_field_is_named(contract: Contract, name: str) -> None:
    body = body_of(contract)
    del body[name]
    with pytest.raises(Undecodable, match=name):
        contract.decode(json.dumps(body).encode())


WRONG = {"text": SECRET, "list": [SECRET], "object": {SECRET: 1}, "NUL": "\x00", "huge": -(10**30)}


def _will_do(name: str, wrong: Any) -> bool:
    """Any text will do for a text, and any whole number for a baseline, whose limits are intake's rules."""
    texts = {"site_id", "chair_name", "overnight_time_zone", "restriction_time_zone", "policy_version"}
    if isinstance(wrong, str):
        return name in texts | {"restriction_rule_version"}
    return isinstance(wrong, int) and name.startswith("baseline_")


@pytest.mark.parametrize(
    ("contract", "name", "wrong"),
    [
        pytest.param(contract, one.name, wrong, id=f"{contract.topic}-{one.name}-{kind}")
        for contract in REGISTRY
        for one in fields(contract.event)
        for kind, wrong in WRONG.items()
        if not _will_do(one.name, wrong)
    ],
)
def test_a_field_of_the_wrong_kind_is_named_and_not_quoted(contract: Contract, name: str, wrong: Any) -> None:
    body = body_of(contract) | {name: wrong}
    with pytest.raises(Undecodable, match=name) as caught:
        contract.decode(json.dumps(body).encode())
    assert "Jane" not in str(caught.value)
    assert caught.value.__cause__ is None


@EACH_FIELD
def test_null_is_taken_only_where_the_contract_says_so(contract: Contract, name: str) -> None:
    body = json.dumps(body_of(contract) | {name: None}).encode()
    if name in {"booster_cycle", "mood_0_10"}:
        assert getattr(contract.decode(body), name) is None
    else:
        with pytest.raises(Undecodable, match=name):
            contract.decode(body)


@EACH
@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"\xff\xfe", b"null", b"[]", b'"text"', b"7", b"[" * 100_000, b"NaN", SECRET.encode()],
    ids=lambda payload: repr(payload[:8]),
)
def test_bytes_that_are_no_event_are_undecodable(contract: Contract, payload: bytes) -> None:
    with pytest.raises(Undecodable) as caught:
        contract.decode(payload)
    assert contract.topic in str(caught.value)
    assert "Jane" not in str(caught.value)


@EACH
def test_a_producer_cant_publish_what_breaks_its_own_contract(contract: Contract) -> None:
    with pytest.raises(ValueError, match="patient_id"):
        contract.encode(replace(PLAIN[contract.topic], patient_id=None))


@pytest.mark.parametrize("hours", [-5, 0, 9])
def test_instants_travel_in_utc_and_come_back_equal(hours: int) -> None:
    local = datetime(2026, 3, 8, 1, 30, 0, 123_456, tzinfo=timezone(timedelta(hours=hours)))
    contract = contract_for_topic("discharge-cleared")
    payload = contract.encode(a_discharge_cleared(left_at=local))
    assert json.loads(payload)["left_at"].endswith("Z")
    assert contract.decode(payload).left_at == local  # type: ignore[union-attr]


@EACH
def test_an_instant_without_an_offset_is_refused(contract: Contract) -> None:
    body = body_of(contract)
    for name in (name for name in body if name.endswith("_at")):
        with pytest.raises(Undecodable, match=name):
            contract.decode(json.dumps(body | {name: "2026-03-02T10:00:00"}).encode())


@pytest.mark.parametrize("name", CORPUS)
def test_the_corpus_fits_the_exported_schema(name: str) -> None:
    schema = json.loads((FOLDER / f"{name.split('/')[0]}.json").read_text())
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads((GOLDEN / name).read_text()))


@EACH_FIRST_FIELD
def test_the_exported_schema_asks_for_every_field(contract: Contract, name: str) -> None:
    body = body_of(contract)
    del body[name]
    assert not Draft202012Validator(json_schema(contract)).is_valid(body)


@EACH_ADDED_FIELD
def test_what_was_added_may_be_missing_and_then_has_its_default(contract: Contract, name: str) -> None:
    body = body_of(contract)
    del body[name]
    assert getattr(contract.decode(json.dumps(body).encode()), name) == ADDED[contract.topic, name]
    assert Draft202012Validator(json_schema(contract)).is_valid(body)


def test_this_and_nothing_else_was_added() -> None:
    assert ADDED == {("discharge-cleared", "status"): SessionStatus.FINAL}


@EACH
def test_other_teams_can_validate_with_a_common_tool(contract: Contract) -> None:
    files = sorted((GOLDEN / contract.type).glob("*.json"))
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(FOLDER / f"{contract.type}.json")]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@EACH
def test_no_event_has_room_for_words_names_or_scores(contract: Contract) -> None:
    names = {one.name for one in fields(contract.event)}
    forbidden = {"name", "family", "given", "birth", "phone", "text", "words", "note", "answers", "score", "address"}
    found = {name for name in names for part in name.split("_") if part in forbidden}
    assert found <= {"chair_name"}


def an_envelope(**changes: Any) -> Envelope:
    event = a_booster_due()
    facts: dict[str, Any] = {
        "id": uuid4(),
        "source": "/services/maintenance",
        "type": "booster-due.v1",
        "subject": str(event.plan_id),
        "time": datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
        "key": str(event.patient_id),
        "key_seq": 7,
        "site_id": "riverside",
        "correlation_id": "visit-7",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }
    return Envelope(**(facts | changes))


@pytest.mark.parametrize("traceparent", [an_envelope().traceparent, None])
def test_an_envelope_comes_back_from_its_headers(traceparent: str | None) -> None:
    envelope = an_envelope(traceparent=traceparent)
    headers = envelope.to_headers()
    assert Envelope.from_headers(headers) == envelope
    assert headers["ce_specversion"] == "1.0"
    assert all(isinstance(value, str) and value.isascii() for value in headers.values())


@pytest.mark.parametrize(
    "name",
    ["ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_partitionkey", "ce_keyseq", "ce_siteid"],
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_header_is_named(name: str, value: str | None) -> None:
    headers = an_envelope().to_headers()
    del headers[name]
    if value is not None:
        headers[name] = value
    with pytest.raises(Undecodable, match=name):
        Envelope.from_headers(headers)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_id", SECRET),
        ("ce_keyseq", SECRET),
        ("ce_keyseq", "0"),
        ("ce_keyseq", "-1"),
        ("ce_keyseq", "1.5"),
        ("ce_keyseq", "9" * 5000),
        ("ce_time", SECRET),
        ("ce_time", "2026-03-02T10:00:00"),
    ],
)
def test_a_malformed_header_is_named_and_not_quoted(name: str, value: str) -> None:
    with pytest.raises(Undecodable, match=name) as caught:
        Envelope.from_headers(an_envelope().to_headers() | {name: value})
    assert "Jane" not in str(caught.value)


def test_what_an_older_envelope_lacks_is_optional() -> None:
    headers = an_envelope().to_headers()
    del headers["traceparent"], headers["ce_correlationid"]
    found = Envelope.from_headers(headers)
    assert (found.traceparent, found.correlation_id) == (None, "")
