"""JSON Schemas of the four events, as committed in `exported/`: what other teams validate against.

`python -m shared.contracts.export` writes them; CI fails when the committed files differ from the code.
"""

import inspect
import json
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from shared.contracts.registry import REGISTRY, Contract

FOLDER = Path(__file__).parent / "exported"


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
    return {f"{c.type}.json": json.dumps(json_schema(c), indent=2, sort_keys=True) + "\n" for c in REGISTRY}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in exported().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
