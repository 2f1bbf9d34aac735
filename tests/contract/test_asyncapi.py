"""The AsyncAPI document is one by the official schema, and says what the registry, the schemas and real records say."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker

from services.__main__ import afterglow
from shared.contracts.asyncapi import asyncapi_document
from shared.contracts.export import FOLDER, json_schema
from shared.contracts.registry import REGISTRY, Contract
from tests.support.bus import a_record
from tests.support.events import a_booster_due, a_discharge_cleared, a_journal_submitted, a_session_completed

OFFICIAL = json.loads((Path(__file__).parent / "asyncapi" / "3.0.0-without-$id.json").read_text())
DOCUMENT: dict[str, Any] = json.loads((FOLDER / "asyncapi.json").read_text())
EVENTS = {
    "session-completed": a_session_completed(),
    "discharge-cleared": a_discharge_cleared(),
    "journal-submitted": a_journal_submitted(),
    "booster-due": a_booster_due(),
}
EACH = pytest.mark.parametrize("contract", REGISTRY, ids=lambda contract: contract.topic)


def at(reference: str) -> Any:
    """What a local `$ref` of the document points to; fails when it points nowhere."""
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [value for name, value in part.items() if name == "$ref"]
        return own + [found for value in part.values() for found in references(value)]
    return [found for each in part for found in references(each)] if isinstance(part, list) else []


def test_the_document_is_asyncapi_3_by_the_official_schema() -> None:
    assert not [error.message for error in Draft7Validator(OFFICIAL).iter_errors(DOCUMENT)]


def test_the_official_schema_would_notice() -> None:
    broken = json.loads(json.dumps(DOCUMENT))
    broken["operations"]["intake.publishes.session-completed"]["action"] = "shout"
    assert not Draft7Validator(OFFICIAL).is_valid(broken)


def test_every_reference_leads_somewhere() -> None:
    found = references(DOCUMENT)
    assert found
    assert all(at(reference) for reference in found)


def test_who_may_send_and_who_receives_is_the_registry() -> None:
    said = {
        name: (operation["action"], operation["channel"]["$ref"]) for name, operation in DOCUMENT["operations"].items()
    }
    sends = {f"{c.producer}.publishes.{c.topic}": ("send", f"#/channels/{c.topic}") for c in REGISTRY}
    receives = {f"{s}.consumes.{c.topic}": ("receive", f"#/channels/{c.topic}") for c in REGISTRY for s in c.consumers}
    assert said == sends | receives


@EACH
def test_a_channel_has_its_topics_name_partitions_and_retention(contract: Contract) -> None:
    channel = DOCUMENT["channels"][contract.topic]
    bindings = channel["bindings"]["kafka"]
    assert (channel["address"], bindings["topic"], bindings["partitions"]) == (contract.topic, contract.topic, 6)
    assert bindings["topicConfiguration"]["retention.ms"] == 30 * 24 * 3600 * 1000


@EACH
def test_a_real_record_fits_what_the_document_says_of_it(contract: Contract) -> None:
    record = a_record(EVENTS[contract.topic], seq=7)
    message = at(DOCUMENT["channels"][contract.topic]["messages"][contract.type]["$ref"])
    formats = FormatChecker()
    Draft7Validator(message["headers"], format_checker=formats).validate(dict(record.headers))
    Draft7Validator(message["bindings"]["kafka"]["key"], format_checker=formats).validate(record.key)
    Draft7Validator(at(message["payload"]["$ref"]), format_checker=formats).validate(json.loads(record.value))


@EACH
@pytest.mark.parametrize(
    "changes",
    [{"ce_source": "/services/somebody-else"}, {"ce_type": "other.v1"}, {"ce_keyseq": "0"}, {"ce_id": "7"}],
    ids=lambda changes: next(iter(changes)),
)
def test_a_record_that_consumers_refuse_does_not_fit(contract: Contract, changes: dict[str, str]) -> None:
    record = a_record(EVENTS[contract.topic], seq=7, **changes)
    headers = DOCUMENT["components"]["messages"][contract.type]["headers"]
    assert not Draft7Validator(headers, format_checker=FormatChecker()).is_valid(dict(record.headers))


@EACH
def test_a_payload_is_the_committed_schema_word_for_word(contract: Contract) -> None:
    embedded = DOCUMENT["components"]["schemas"][contract.type]
    beside = json.loads((FOLDER / f"{contract.type}.json").read_text())
    assert embedded | {"$schema": beside["$schema"], "$id": beside["$id"]} == beside
    Draft202012Validator.check_schema(embedded)
    Draft7Validator.check_schema(embedded)


def test_the_committed_document_is_the_codes() -> None:
    assert asyncapi_document({c.type: json_schema(c) for c in REGISTRY}) == DOCUMENT, "run `make contracts`"


def test_the_command_writes_what_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.contracts.export.FOLDER", tmp_path)
    done = CliRunner().invoke(afterglow, ["asyncapi"])
    assert done.exit_code == 0, done.output
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        p.name: p.read_text() for p in FOLDER.iterdir()
    }
