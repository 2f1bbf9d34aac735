"""The four OpenAPI documents and their page: complete, committed as served, with nothing from elsewhere."""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

import shared.web
from services.console.openapi import SERVICES, document_text, path_of
from shared.web.access import access_table
from tests.support.house import House

VENDOR = Path(shared.web.__file__).parent / "static" / "vendor"
# what a document of the API leaves out: probes, the document itself, the demo's clock and doorstep
_NOT_API = re.compile(r"GET /(livez|readyz|metrics)?$|.* /demo/.*|GET /[a-z]+/v1/(openapi\.json|docs.*|keys)$")


@cache
def document(service: str) -> dict[str, Any]:
    return json.loads(document_text(service))


def operations(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document(service)["paths"].items():
        for method in ("get", "post", "put"):
            if method in item:
                yield f"{method.upper()} {path}", item[method]


@pytest.mark.parametrize("service", SERVICES)
def test_the_committed_document_is_the_served_one(service: str) -> None:
    assert path_of(service).read_text() == document_text(service), "run: make openapi"


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_of_the_table_is_documented_and_no_other(service: str) -> None:
    table = {route for route in access_table(service) if not _NOT_API.fullmatch(route)}
    assert {route for route, _ in operations(service)} == table


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_is_openapi_3_1_with_every_reference_kept(service: str) -> None:
    found = document(service)
    assert found["openapi"].startswith("3.1")
    text = json.dumps(found)
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', text)):
        place = found
        for step in reference.split("/"):
            place = place[step]
    for schema in found["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    ids = [operation["operationId"] for _, operation in operations(service)]
    assert len(ids) == len(set(ids))
    assert "PaginationMetadata" not in text
    assert "DEFAULT_ERROR" not in text


@pytest.mark.parametrize("service", SERVICES)
def test_each_operation_says_who_what_and_what_may_go_wrong(service: str) -> None:
    for route, operation in operations(service):
        access = access_table(service)[route]
        assert operation["summary"], route
        codes = set(operation["responses"])
        assert {"405", "503"} <= codes, route
        if access.roles is None:
            assert operation["security"] == []
            continue
        assert operation["security"] == [{"bearer": []}], route
        assert {"401", "403", "404"} <= codes, route
        assert all(role in operation["description"] for role in access.roles), route
        headers = {p["name"]: p["required"] for p in operation["parameters"] if p["in"] == "header"}
        if route.startswith("POST"):
            assert headers == {"Idempotency-Key": False}, route
            assert {"400", "409", "413", "415", "422"} <= codes, route
        elif route.startswith("PUT"):
            assert headers == {"If-Match": True}, route
            assert {"400", "409", "412", "413", "415", "422", "428"} <= codes, route
            assert "ETag" in operation["responses"]["200"]["headers"], route


@pytest.mark.parametrize("service", SERVICES)
def test_every_problem_has_the_one_shape(service: str) -> None:
    responses = document(service)["components"]["responses"]
    for answer in responses.values():
        assert answer["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@pytest.mark.parametrize("service", SERVICES)
def test_each_request_comes_with_an_example_that_its_schema_takes(service: str) -> None:
    found = document(service)
    for route, operation in operations(service):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = content["schema"] | {"components": found["components"]}
            checker = Draft202012Validator(schema, format_checker=FormatChecker())
            wrong = [error.message for error in checker.iter_errors(content["example"])]
            assert wrong == [], route


@pytest.mark.parametrize("service", SERVICES)
def test_named_fields_of_answers_are_always_there(service: str) -> None:
    found = document(service)
    for route, operation in operations(service):
        for code, answer in operation["responses"].items():
            schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
            name = schema.get("$ref", "").rsplit("/", 1)[-1]
            if name:
                answered = found["components"]["schemas"][name]
                assert sorted(answered["properties"]) == answered["required"], (route, code)


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_shows_it_from_its_own_files_under_a_strict_policy(house: House, service: str) -> None:
    client = house.service(service).app.test_client()
    page = client.get(f"/{service}/v1/docs")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    text = page.get_data(as_text=True)
    assert re.findall(r"<script(?! src=)|<style|style=|\son[a-z]+=|https?://", text) == []
    named = re.findall(r'(?:src|href)="(docs/assets/[^"]+)"', text)
    assert len(named) == 4
    for name in named:
        asset = client.get(f"/{service}/v1/{name}")
        assert asset.status_code == 200
        assert asset.mimetype in {"text/javascript", "text/css"}
        assert asset.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["nothing.js", "..", "..%2f..%2faccess.py", "LICENSE", "%00"])
def test_no_other_file_is_handed_out(house: House, name: str) -> None:
    assert house.service("intake").app.test_client().get(f"/intake/v1/docs/assets/{name}").status_code == 404


@pytest.mark.parametrize("folder", sorted(path.parent for path in VENDOR.glob("*/VERSION")), ids=lambda path: path.name)
def test_vendored_files_are_the_ones_that_were_taken(folder: Path) -> None:
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert {"LICENSE", "VERSION"} <= set(sums)
    assert set(sums) | {"SHA256SUMS"} == {path.name for path in folder.iterdir()}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
