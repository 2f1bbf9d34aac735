"""JSON Schemas of the events and the AsyncAPI document, as committed in `exported/`: what other teams build against.

`python -m shared.contracts.export` writes them, unless a schema would break somebody who reads or writes a version in
`published/`; CI fails then, and when the committed files differ from the code.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from shared.contracts.asyncapi import asyncapi_document
from shared.contracts.compatibility import breaks
from shared.contracts.registry import REGISTRY, Contract

FOLDER = Path(__file__).parent / "exported"
# every version that was ever published, never changed: <type>.<additions since the major version>.json
PUBLISHED = Path(__file__).parent / "published"


def json_schema(contract: Contract) -> dict[str, Any]:
    """The payload's JSON Schema (2020-12)."""
    plugin = MarshmallowPlugin()
    spec = APISpec(title="", version="", openapi_version="3.1.0", plugins=[plugin])
    spec.components.schema(contract.type, schema=contract.schema)
    body: dict[str, Any] = spec.to_dict()["components"]["schemas"][contract.type]
    del body["additionalProperties"]  # consumers ignore what they don't know: later versions may add
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:afterglow:schema:{contract.type}",
        "title": contract.type,
        "description": inspect.cleandoc(contract.event.__doc__ or ""),
        **body,
    }


def exported() -> dict[str, str]:
    """File name → text, for all contracts."""
    schemas = {contract.type: json_schema(contract) for contract in REGISTRY}
    files: dict[str, Any] = {f"{event_type}.json": schema for event_type, schema in schemas.items()}
    files["asyncapi.json"] = asyncapi_document(schemas)
    return {name: json.dumps(body, indent=2, sort_keys=True) + "\n" for name, body in files.items()}


def published(contract: Contract) -> dict[str, dict[str, Any]]:
    """Version ("session-completed.v1.0") → the schema as it was published, oldest first."""
    paths = sorted(PUBLISHED.glob(f"{contract.type}.*.json"), key=lambda path: int(path.stem.rpartition(".")[2]))
    return {path.stem: json.loads(path.read_text()) for path in paths}


def breaking_changes() -> list[str]:
    """A sentence for each change since any published version that would break somebody."""
    return [
        f"{version}: {change}"
        for contract in REGISTRY
        for version, schema in published(contract).items()
        for change in breaks(schema, json_schema(contract))
    ]


def main() -> None:
    if found := breaking_changes():
        sys.exit("\n".join(["These changes need a new major version (docs/adr/0015-contracts-that-grow.md):", *found]))
    FOLDER.mkdir(exist_ok=True)
    for name, text in exported().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
