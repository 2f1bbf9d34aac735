"""What was ever published stays readable, in both directions; a change that breaks somebody is told in a sentence."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from shared.contracts import export
from shared.contracts.compatibility import breaks
from shared.contracts.export import PUBLISHED, json_schema, published
from shared.contracts.registry import REGISTRY, Contract

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = {version: schema for contract in REGISTRY for version, schema in published(contract).items()}
EACH = pytest.mark.parametrize("contract", REGISTRY, ids=lambda contract: contract.topic)
WORDS = {"title", "description", "$id", "$schema"}

Schema = dict[str, Any]


def bare(schema: Schema) -> Schema:
    """A schema without its words, which may be mended at any time."""
    return {name: value for name, value in schema.items() if name not in WORDS}


def test_every_file_of_the_published_versions_belongs_to_a_contract() -> None:
    assert {path.stem for path in PUBLISHED.iterdir()} == set(VERSIONS)


@EACH
def test_the_versions_of_an_event_are_numbered_without_a_hole(contract: Contract) -> None:
    assert list(published(contract)) == [f"{contract.type}.{number}" for number in range(len(published(contract)))]


@EACH
def test_what_is_published_today_is_pinned(contract: Contract) -> None:
    newest = list(published(contract))[-1]
    next_one = f"{contract.type}.{len(published(contract))}.json"
    assert bare(VERSIONS[newest]) == bare(json_schema(contract)), (
        f"the schema grew: copy {contract.type}.json from shared/contracts/exported to published/{next_one}, add an "
        "event of it to tests/contract/golden"
    )


def test_no_change_since_any_published_version_breaks_anybody() -> None:
    assert export.breaking_changes() == []


@pytest.mark.parametrize("version", VERSIONS)
def test_consumers_of_each_version_read_every_event_of_the_corpus(version: str) -> None:
    validator = Draft202012Validator(VERSIONS[version], format_checker=FormatChecker())
    events = sorted((GOLDEN / version.rpartition(".")[0]).glob("*.json"))
    assert events
    for path in events:
        validator.validate(json.loads(path.read_text()))


def test_every_pair_of_versions_of_an_event_stands_side_by_side() -> None:
    for contract in REGISTRY:
        schemas = list(published(contract).values())
        for place, old in enumerate(schemas):
            assert [found for new in schemas[place:] for found in breaks(old, new)] == []


OLD: Schema = {
    "type": "object",
    "required": ["course_id", "cycle", "mood_0_10", "state"],
    "properties": {
        "course_id": {"type": "string", "format": "uuid"},
        "cycle": {"type": "integer", "minimum": 1, "maximum": 9},
        "mood_0_10": {"type": ["integer", "null"]},
        "note": {"type": "string", "maxLength": 80},
        "state": {"enum": ["due", "held"]},
        "status": {"enum": ["final"], "default": "final"},
    },
}


def change(name: str, **facts: Any) -> Callable[[Schema], None]:
    return lambda schema: schema["properties"].setdefault(name, {}).update(facts)


def rename(old: str, new: str) -> Callable[[Schema], None]:
    return lambda schema: schema["properties"].update({new: schema["properties"].pop(old)})


def add_required(name: str) -> Callable[[Schema], None]:
    def act(schema: Schema) -> None:
        schema["properties"].setdefault(name, {"type": "string"})
        schema["required"] = [*schema["required"], name]

    return act


def drop(name: str, keyword: str) -> Callable[[Schema], None]:
    return lambda schema: schema["properties"][name].pop(keyword)


PAST, FUTURE = "published before", "earlier version"
# the change, the field that the sentence must name, what it must say, and who would be hurt
KINDS = {
    "removed": (lambda schema: schema["properties"].pop("note"), "note", "removed or renamed", FUTURE),
    "renamed": (rename("note", "remark"), "note", "removed or renamed", FUTURE),
    "new and required": (add_required("lead_days"), "lead_days", "required", PAST),
    "became required": (add_required("note"), "note", "became required", PAST),
    "became optional": (lambda schema: schema["required"].remove("cycle"), "cycle", "became optional", FUTURE),
    "another type": (change("cycle", type="string"), "cycle", "type integer was removed", PAST),
    "no longer null": (change("mood_0_10", type="integer"), "mood_0_10", "type null was removed", PAST),
    "null as well": (change("cycle", type=["integer", "null"]), "cycle", "type null was added", FUTURE),
    "value removed": (change("state", enum=["due"]), "state", "value held was removed", PAST),
    "value added": (change("state", enum=["due", "held", "gone"]), "state", "value gone was added", FUTURE),
    "any value": (drop("state", "enum"), "state", "enum .* was dropped", FUTURE),
    "values where any was": (change("note", enum=["a"]), "note", "enum .* was added", PAST),
    "higher minimum": (change("cycle", minimum=2), "cycle", "minimum changed from 1 to 2", PAST),
    "lower minimum": (change("cycle", minimum=0), "cycle", "minimum changed from 1 to 0", FUTURE),
    "lower maximum": (change("cycle", maximum=8), "cycle", "maximum changed from 9 to 8", PAST),
    "higher maximum": (change("cycle", maximum=10), "cycle", "maximum changed from 9 to 10", FUTURE),
    "no maximum": (drop("cycle", "maximum"), "cycle", "maximum changed from 9 to None", FUTURE),
    "a limit where none was": (change("note", minLength=1), "note", "minLength changed from None to 1", PAST),
    "shorter": (change("note", maxLength=40), "note", "maxLength changed from 80 to 40", PAST),
    "longer": (change("note", maxLength=99), "note", "maxLength changed from 80 to 99", FUTURE),
    "new format": (change("note", format="date"), "note", "format date was added", PAST),
    "no format": (drop("course_id", "format"), "course_id", "format uuid was dropped", FUTURE),
    "another format": (change("course_id", format="date"), "course_id", "format changed from uuid to date", PAST),
    "new pattern": (change("note", pattern="^a"), "note", "pattern .* was added", PAST),
    "another default": (
        change("status", default="draft"),
        "status",
        "default changed from final to draft",
        "mean something else",
    ),
    "closed": (lambda schema: schema.update(additionalProperties=False), "as a whole", "additionalProperties", PAST),
    "a word we don't judge": (change("note", contentEncoding="base64"), "note", "contentEncoding", PAST),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_breaking_change_is_told_in_one_sentence_with_the_field_and_the_reason(kind: str) -> None:
    act, field, what, hurt = KINDS[kind]
    new = copy.deepcopy(OLD)
    act(new)
    sentences = breaks(OLD, new)
    if kind == "another type":
        assert (
            sentences.pop()
            == "cycle: type string was added: consumers of an earlier version would refuse what is published now."
        )
    [sentence] = sentences
    assert field in sentence.split(":")[0]
    assert re.search(what, sentence)
    assert hurt in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    "act",
    [
        change("added_later", type="string"),
        change("cycle", description="mended words"),
        lambda schema: schema["required"].reverse(),
        change("state", enum=["held", "due"]),
    ],
    ids=["an optional field", "other words", "the order of the required", "the order of the values"],
)
def test_what_breaks_nobody_is_let_through(act: Callable[[Schema], None]) -> None:
    new = copy.deepcopy(OLD)
    act(new)
    assert breaks(OLD, new) == []


def test_the_export_refuses_to_write_a_schema_that_breaks_a_published_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = json.loads((PUBLISHED / "booster-due.v1.0.json").read_text())
    changed["properties"]["lead_days"]["minimum"] = 5
    for path in PUBLISHED.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "booster-due.v1.0.json").write_text(json.dumps(changed))
    monkeypatch.setattr(export, "PUBLISHED", tmp_path)
    monkeypatch.setattr(export, "FOLDER", tmp_path / "exported")
    with pytest.raises(SystemExit) as refused:
        export.main()
    assert "booster-due.v1.0: lead_days: minimum changed from 5 to 0: consumers of an earlier" in str(refused.value)
    assert not (tmp_path / "exported").exists()
