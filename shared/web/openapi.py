"""The service's OpenAPI 3.1 document: what smorest knows of the routes, completed with what the door adds to each.

Who may call, bearer tokens, idempotency keys, versions and problems are the same everywhere, so they are written here
once instead of beside every view.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from flask_smorest import Api

from shared.kernel.people import Role
from shared.web.access import Access
from shared.web.examples import example_of
from shared.web.guard import route_of

_METHODS = ("get", "post", "put")
_ALWAYS = ("405", "503")
_WITH_TOKEN = ("401", "403", "404")
_WITH_BODY = ("400", "409", "413", "415", "422")
_PROBLEMS = {
    "400": ("Unreadable", "The body isn’t one JSON object."),
    "401": ("Unauthenticated", "No bearer token, or none that is good."),
    "403": ("Forbidden", "The caller’s role may not do this."),
    "404": ("NotFound", "There is no such record, or none that this caller may see; the two are not told apart."),
    "405": ("MethodNotAllowed", "This address doesn’t take that method; `Allow` names those it takes."),
    "409": ("Conflict", "The act comes out of turn, is refused (`reasons`), or its Idempotency-Key is in flight."),
    "412": ("Stale", "`If-Match` names a version that is no longer the latest."),
    "413": ("TooLarge", "The body is larger than 256 KiB."),
    "415": ("UnsupportedMediaType", "The body isn’t sent as application/json."),
    "422": ("Invalid", "Fields can’t be accepted (`errors`), or the Idempotency-Key belonged to another request."),
    "428": ("VersionMissing", "`If-Match` is needed."),
    "503": ("Unavailable", "Something that this service needs is away. Nothing was changed."),
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457 problem. `type` is stable: urn:afterglow:problem:<code>.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:afterglow:problem:[a-z0-9-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "description": "What is wrong with single fields: a JSON pointer into body, query or headers.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "reasons": {
            "type": "array",
            "description": "Everything that stands against a refused act, worst first.",
            "items": {
                "type": "object",
                "required": ["code", "message", "remaining_seconds"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "remaining_seconds": {"type": ["integer", "null"]},
                },
            },
        },
    },
}
_ETAG = {"schema": {"type": "string"}, "description": "The record’s version: what `If-Match` needs to change it."}
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same key and request within 24 hours is done once and answered again as it was.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The parent record’s ETag.",
    "schema": {"type": "string"},
    "example": '"1"',
}
_REPLACED = ("Error", "PaginationMetadata")


def document(app: Flask, api: Api, table: Mapping[str, Access]) -> dict[str, Any]:
    """The whole document, as plain JSON values; the same on every call."""
    found: dict[str, Any] = json.loads(json.dumps(api.spec.to_dict()))
    found["info"]["description"] = (
        "Instants are RFC 3339 with an offset; days are YYYY-MM-DD. Named fields are always present in answers, "
        "null when unknown. See the design’s API page for meanings."
    )
    found["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    components = found["components"]
    schemas = {name: each for name, each in components.get("schemas", {}).items() if name not in _REPLACED}
    endpoints = {
        route_of(method, rule.rule): str(rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, item in found["paths"].items():
        for method in filter(item.__contains__, _METHODS):
            route = f"{method.upper()} {path}"
            _complete(item[method], item, method, table[route], endpoints[route], schemas)
    _describe_answers(found["paths"], schemas)
    for schema in schemas.values():
        _type_enums(schema)
    _type_enums(found["paths"])
    components["schemas"] = schemas | {"Problem": _PROBLEM_SCHEMA}
    components["responses"] = {name: _problem(text) for name, text in _PROBLEMS.values()}
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    return found


def _complete(
    operation: dict[str, Any], item: dict[str, Any], method: str, access: Access, endpoint: str, schemas: dict[str, Any]
) -> None:
    operation["operationId"] = endpoint.replace(".", "-").replace("_", "-")
    operation["security"] = [{"bearer": []}] if access.roles is not None else []
    if access.roles is not None:
        who = ", ".join(sorted(access.roles))
        operation["description"] = f"{operation.get('description', '')}\n\nMay be called by: {who}.".strip()
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        _without_null(parameter["schema"])
    if method == "post":
        parameters.append(_IDEMPOTENCY_KEY)
    if method == "put":
        parameters.append(_IF_MATCH)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = example_of(content["schema"], schemas)
    good = {code: answer for code, answer in operation["responses"].items() if code.startswith("2")}
    for answer in good.values():
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if not _is_list(schema, schemas):
            answer["headers"] = {"ETag": _ETAG}
    wanted = {*_ALWAYS, *(_WITH_TOKEN if access.roles is not None else ())}
    wanted |= set(_WITH_BODY) if method != "get" else {"422"}
    wanted |= {"412", "428"} if method == "put" else set()
    problems = {code: {"$ref": f"#/components/responses/{_PROBLEMS[code][0]}"} for code in sorted(wanted)}
    if method == "get" and access.roles is not None and Role.PORTAL in access.roles and "parameters" in item:
        good["304"] = {"description": "`If-None-Match` names what the caller would get."}
    operation["responses"] = good | problems


def _without_null(schema: dict[str, Any]) -> None:
    """A query has no null: what may be absent is simply not required."""
    if isinstance(schema.get("type"), list):
        kinds = [kind for kind in schema["type"] if kind != "null"]
        schema["type"] = kinds[0] if len(kinds) == 1 else kinds
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    if schema.get("default", ()) is None:
        del schema["default"]


def _is_list(schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    return "items" in schemas.get(name, {}).get("properties", {})


def _describe_answers(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Say of every answer that its fields are always there, and that later versions may add some."""
    for item in paths.values():
        for method in filter(item.__contains__, _METHODS):
            for name in _reachable(item[method]["responses"], schemas, set()):
                schemas[name].pop("additionalProperties", None)
                schemas[name]["required"] = sorted(schemas[name].get("properties", {}))


def _reachable(part: Any, schemas: dict[str, Any], seen: set[str]) -> Iterator[str]:
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).rpartition("#/components/schemas/")[2]
        if name in schemas and name not in seen:
            seen.add(name)
            yield name
            yield from _reachable(schemas[name], schemas, seen)
        for inner in part.values():
            yield from _reachable(inner, schemas, seen)
    elif isinstance(part, list):
        for inner in part:
            yield from _reachable(inner, schemas, seen)


def _type_enums(part: Any) -> None:
    """Marshmallow's enums come without a type."""
    if isinstance(part, dict):
        if "enum" in part and "type" not in part:
            part["type"] = ["string", "null"] if None in part["enum"] else "string"
        for inner in part.values():
            _type_enums(inner)
    elif isinstance(part, list):
        for inner in part:
            _type_enums(inner)


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}
