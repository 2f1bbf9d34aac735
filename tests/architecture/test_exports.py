"""What other teams build against is committed, and is what the code says."""

import json

import pytest

from shared.contracts.export import FOLDER, exported
from tests.architecture.tree import ROOT, SERVICES
from tests.support.house import House


def test_the_committed_event_schemas_are_those_of_the_code() -> None:
    committed = {path.name: path.read_text() for path in FOLDER.iterdir()}

    assert committed == exported(), "run `make contracts` and commit what it writes"


@pytest.mark.parametrize("service", SERVICES)
def test_the_committed_openapi_is_that_of_the_code(service: str, house: House) -> None:
    committed = json.loads((ROOT / "services" / service / "api" / "openapi.json").read_text())
    served = house.service(service).app.test_client().get(f"/{service}/v1/openapi.json").get_json()

    assert served == committed, "run `make openapi` and commit what it writes"


@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_of_the_openapi_can_be_found(service: str, house: House) -> None:
    """No reference leads nowhere, and every call has a sentence of its own."""
    served = house.service(service).app.test_client().get(f"/{service}/v1/openapi.json").get_json()

    assert served["openapi"].startswith("3.1")
    for reference in _references(served):
        found = served
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    silent = [
        f"{method.upper()} {path}"
        for path, calls in served["paths"].items()
        for method, call in calls.items()
        if method in {"get", "post", "put"} and not call.get("summary")
    ]
    assert silent == []


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for inner in value.values() for found in _references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _references(inner)]
    return []
