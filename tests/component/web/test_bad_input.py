"""Bad input against every route of the four real services: always a clear problem, never a fall, nothing written.

What is sent follows from each route's own document: its example is plausible, then one thing in it is made wrong.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.kernel.people import Role
from shared.web.access import access_table
from tests.support.house import SERVICES, Client, House
from tests.support.requests import Asking, asking, document_of
from tests.support.scene import Scene
from tests.support.snapshot import snapshot

ROUTES = [(s, r) for s in SERVICES for r, a in access_table(s).items() if a.roles is not None]
WITH_BODY = [(s, r) for s, r in ROUTES if not r.startswith("GET")]
_NO_LISTS = ("/sites", "labels", "/standing")
LISTS = [(s, r) for s, r in ROUTES if r.startswith("GET") and "{" not in r and not r.endswith(_NO_LISTS)]
_PREFERRED = ("nurse", "prescriber", "portal", "therapist", "front_desk", "privacy_officer", "operations")
_WRONG: tuple[Any, ...] = ("wrong", "", -1, 10**12, 1.5, True, [], ["wrong"], {}, {"wrong": 1})
_TEXT_LIMIT = 30_000
_UNPAGED = {"GET /intake/v1/boards/today"}  # a day on one page


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("bad-input")
    house = House(folder)
    yield Scene.build(house)
    house.close()


def caller(scene: Scene, service: str, route: str) -> Client:
    allowed = access_table(service)[route].roles or frozenset()
    role = next(role for role in _PREFERRED if Role(role) in allowed)
    patient = scene.ids["patient_id"] if role == Role.PORTAL else None
    return scene.house.client(service, role=role, sites=[scene.site], patient=patient)


def send(scene: Scene, service: str, route: str, request: Asking, **headers: str) -> Any:
    version = {"If-Match": "*"} if route.startswith("PUT") else {}
    return request.by(caller(scene, service, route), **(version | headers))


def refused(answer: Any, *statuses: int) -> dict[str, Any]:
    body = json.loads(answer.get_data())
    assert answer.status_code in statuses, body
    assert answer.mimetype == "application/problem+json"
    assert body["type"].startswith("urn:afterglow:problem:")
    return dict(body)


def body_schema(scene: Scene, service: str, route: str) -> dict[str, Any]:
    method, template = route.split(" ")
    document = document_of(scene.house, service)
    operation = document["paths"][template][method.lower()]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return dict(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])


def has_fields(scene: Scene, service: str, route: str) -> bool:
    return bool(body_schema(scene, service, route).get("properties"))


@pytest.mark.parametrize(("service", "route"), WITH_BODY)
def test_a_body_that_cant_be_read_is_refused(scene: Scene, service: str, route: str) -> None:
    before = snapshot(scene.house)
    client, request = caller(scene, service, route), asking(scene, service, route)
    for raw, status in (
        (b"{", 400),
        (b"[]", 400),
        (b'{"a": NaN}', 400),
        (b'{"a": 1, "a": 2}', 400),
        (b'{"a": "\xff"}', 400),
        (b'{"a":' * 50_000, 400),
        (b" " * 300_000, 413),
    ):
        answer = client.call(request.method, request.path, data=raw, content_type="application/json")
        refused(answer, status)
    answer = client.call(request.method, request.path, data=b"{}", content_type="text/plain")
    refused(answer, 415)
    assert snapshot(scene.house) == before


@pytest.mark.parametrize(("service", "route"), WITH_BODY)
def test_an_unknown_field_is_refused_by_name(scene: Scene, service: str, route: str) -> None:
    before = snapshot(scene.house)
    request = asking(scene, service, route)
    request.body = (request.body or {}) | {"systolic_presure": 1}
    found = refused(send(scene, service, route, request), 422)
    assert "/systolic_presure" in [error["pointer"] for error in found["errors"]]
    assert snapshot(scene.house) == before


def mutations(body: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """(pointer, a copy of `body` with that place made wrong), for each place and each kind of wrong."""
    places = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in places:
        for wrong in _WRONG:
            if type(wrong) is type(value) or (isinstance(value, float) and wrong == 1.5):
                continue
            changed = copy.copy(body)
            changed[name] = wrong
            yield f"{pointer}/{name}", changed
        for inner_pointer, inner in mutations(value, f"{pointer}/{name}"):
            changed = copy.copy(body)
            changed[name] = inner
            yield inner_pointer, changed


@pytest.mark.parametrize(("service", "route"), WITH_BODY)
def test_a_field_of_the_wrong_kind_is_pointed_at(scene: Scene, service: str, route: str) -> None:
    request = asking(scene, service, route)
    good = request.body or {}
    numbers = {
        f"/{name}" for name, one in body_schema(scene, service, route).get("properties", {}).items() if _is_number(one)
    }
    before = snapshot(scene.house)
    for pointer, body in mutations(good):
        if pointer in numbers and body[pointer[1:]] in (1.5, 10**12):
            continue  # a number may have a fraction; whether it is too large is the rule's word
        request.body = body
        answer = send(scene, service, route, request)
        found = refused(answer, 409, 422)
        if answer.status_code == 422:
            pointers = [error["pointer"] for error in found["errors"]]
            assert any(each.startswith(pointer) or pointer.startswith(each) for each in pointers), (pointer, pointers)
    assert snapshot(scene.house) == before


def _is_number(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type", ())
    return "number" in ([kinds] if isinstance(kinds, str) else kinds)


@pytest.mark.parametrize(("service", "route"), WITH_BODY)
def test_texts_instants_days_and_numbers_at_the_edge_of_the_world_never_fall(
    scene: Scene, service: str, route: str
) -> None:
    """Some are refused, some are taken: what counts is that none is a fall."""
    request = asking(scene, service, route)
    schema = body_schema(scene, service, route)
    edges: dict[str, tuple[Any, ...]] = {
        "date-time": (
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-12:00",
            "1900-01-01T00:00:00Z",
            "2199-12-31T23:59:59Z",
            "2026-13-45T00:00:00Z",
            "2026-03-02T15:00:00",
        ),
        "date": ("0001-01-01", "9999-12-31", "1900-01-01", "2199-12-31", "2026-02-30"),
        "uuid": ("0" * 32, "{" + "0" * 36 + "}", "00000000-0000-0000-0000-00000000000g"),
        "string": ("\x00", "\ud800", "😀" * 50, "é" * _TEXT_LIMIT, " ", "\u202e", "' OR 1=1 --", "{{7*7}}", "%s%n"),
        "integer": (-(2**63), 2**63, 10**40, -1, 0, 2**31, 1.0, 1e300),
        "number": (-(2**63), 10**40, 1e300, -1e-300, 0),
    }
    for name, one in schema.get("properties", {}).items():
        kinds = one.get("type", "string")
        kind = next(k for k in ([kinds] if isinstance(kinds, str) else kinds) if k != "null")
        for value in edges.get(one.get("format", kind), ()):
            request.body = (asking(scene, service, route).body or {}) | {name: value}
            answer = send(scene, service, route, request)
            assert answer.status_code < 500, (name, ascii(value)[:60], answer.get_json(silent=True))


@pytest.mark.parametrize(("service", "route"), [(s, r) for s, r in WITH_BODY if r.startswith("PUT")])
def test_a_change_without_a_version_is_428_and_with_an_old_one_412(scene: Scene, service: str, route: str) -> None:
    before = snapshot(scene.house)
    client, request = caller(scene, service, route), asking(scene, service, route)
    refused(request.by(client), 428)
    refused(request.by(client, **{"If-Match": '"0"'}), 412)
    refused(request.by(client, **{"If-Match": 'W/"1"'}), 412)
    refused(request.by(client, **{"If-Match": "é".encode().decode("latin-1")}), 412)
    assert snapshot(scene.house) == before


@pytest.mark.parametrize(("service", "route"), ROUTES)
def test_a_wrong_method_is_405(scene: Scene, service: str, route: str) -> None:
    request = asking(scene, service, route)
    answer = caller(scene, service, route).call("DELETE", request.path)
    refused(answer, 405)
    assert route.split(" ")[0] in answer.headers["Allow"]


@pytest.mark.parametrize(("service", "route"), [(s, r) for s, r in ROUTES if "{" in r])
@pytest.mark.parametrize("junk", ["not-an-id", "0", "%00", "%ED%A0%80", "é", "a" * 3000, "' OR 1=1 --"])
def test_an_id_that_is_none_is_404(scene: Scene, service: str, route: str, junk: str) -> None:
    request = asking(scene, service, route)
    known = next(value for value in scene.path_ids(service).values() if value in request.path)
    answer = caller(scene, service, route).call(request.method, request.path.replace(known, junk))
    refused(answer, 404)


@pytest.mark.parametrize(("service", "route"), LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=wrong",
        "limit=99999999999999999999",
        "cursor=wrong",
        "cursor=W10",
        "cursor=%00",
        "state=wrong",
        "day=wrong",
        "day=0001-01-01",
        "day=9999-12-31",
        "updated_since=wrong",
        "updated_since=2026-03-02",
        "updated_since=0001-01-01T00:00:00Z",
        "patient_id=wrong",
        "session_id=%ED%A0%80",
        "instrument=wrong",
        "query=%00",
        "query=%25",
        "site_id=%00",
        "site_id=harbor",
        "%00=1",
    ],
)
def test_a_wrong_query_never_falls_and_says_where_it_is_wrong(
    scene: Scene, service: str, route: str, query: str
) -> None:
    request = asking(scene, service, route)
    own = "&".join(f"{name}={value}" for name, value in request.query.items() if f"{name}=" not in query)
    answer = caller(scene, service, route).call("GET", f"{request.path}?{query}&{own}")
    assert answer.status_code in {200, 404, 422}, answer.get_json(silent=True)
    if answer.status_code == 422:
        name = query.split("=")[0].replace("%00", "\ufffd")
        assert any(f"/{name}" in error["pointer"] for error in refused(answer, 422)["errors"])
    certainly_wrong = ("limit=", "cursor=W", "cursor=w", "updated_since=w", "updated_since=2026-03-02", "%00")
    if query.startswith(certainly_wrong) and not (route in _UNPAGED and "cursor" in query):
        assert answer.status_code == 422


@pytest.mark.parametrize(("service", "route"), [(s, r) for s, r in WITH_BODY if r.startswith("POST")])
def test_an_unusable_idempotency_key_is_422(scene: Scene, service: str, route: str) -> None:
    before = snapshot(scene.house)
    answer = send(scene, service, route, asking(scene, service, route), **{"Idempotency-Key": "k" * 300})
    assert refused(answer, 422)["errors"][0]["pointer"] == "/Idempotency-Key"
    assert snapshot(scene.house) == before
