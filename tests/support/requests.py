"""A plausible request for every route, from the route's own OpenAPI document and the ids of a scene."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

from tests.support.house import Client, House
from tests.support.scene import Scene

# queries that a route can't do without, or that name a record
_QUERIES = {
    "GET /intake/v1/labels": ("patient_id",),
    "GET /intake/v1/escort-labels": ("session_id",),
    "GET /maintenance/v1/assessments": ("patient_id",),
    "GET /maintenance/v1/lifestyle-check-ins": ("patient_id",),
    "GET /maintenance/v1/threads": ("patient_id",),
    "GET /integration/v1/journals": ("patient_id",),
    "GET /integration/v1/action-steps": ("patient_id",),
}


@dataclass
class Asking:
    """One request: `path` is under the service's prefix."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None

    def by(self, client: Client, **headers: str) -> Any:
        kwargs: dict[str, Any] = {"query_string": self.query, "headers": headers}
        if self.body is not None:
            kwargs["json"] = self.body
        return client.call(self.method, self.path, **kwargs)


@cache
def document_of(house: House, service: str) -> dict[str, Any]:
    answer = house.service(service).app.test_client().get(f"/{service}/v1/openapi.json")
    return dict(json.loads(answer.get_data()))


def asking(scene: Scene, service: str, route: str) -> Asking:
    """The request for `route` ("PUT /intake/v1/sessions/{session_id}/transport") that names the scene's records."""
    method, template = route.split(" ")
    ids = scene.path_ids(service)
    path = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], str(uuid4())), template)
    query = {name: str(ids[name]) for name in _QUERIES.get(route, ())}
    if route.endswith("/v1/events"):
        query = {"topic": ids["topic"]}
    if route.endswith("/v1/audit"):
        query = {"patient_id": ids["patient_id"]}
    operation = document_of(scene.house, service)["paths"].get(template, {}).get(method.lower(), {})
    body = None
    for content in operation.get("requestBody", {}).get("content", {}).values():
        body = _named(content["example"], ids, scene)
    if method == "POST" and body is None:
        body = {}
    return Asking(method, path.removeprefix(f"/{service}/v1"), query, body)


def _named(value: Any, ids: dict[str, Any], scene: Scene, name: str = "") -> Any:
    if isinstance(value, dict):
        return {field: _named(inner, ids, scene, field) for field, inner in value.items()}
    if isinstance(value, list):
        return [_named(inner, ids, scene, name) for inner in value]
    if name in ids:
        return ids[name]
    if name.endswith("_at") and isinstance(value, str):
        return scene.now.isoformat()
    return value
