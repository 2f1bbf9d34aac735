"""The four OpenAPI documents against the real apps: schemathesis asks, the answers must be what the document says.

Bounded and deterministic: the same few requests for each operation on every run.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.kernel.people import Role
from shared.web.access import access_table
from tests.support.house import SERVICES, House
from tests.support.scene import Scene

EXAMPLES = 12
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_PREFERRED = ("nurse", "prescriber", "portal", "therapist", "front_desk", "privacy_officer", "operations")
_IDS = ("patient_id", "session_id", "course_id", "site_id", "home_site_id")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("live")
    house = House(folder)
    yield Scene.build(house)
    house.close()


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_answers_as_documented(scene: Scene, service: str) -> None:
    app = scene.house.service(service).app
    schema = schemathesis.openapi.from_wsgi(f"/{service}/v1/openapi.json", app)
    asked = 0
    for found in schema.get_all_operations():
        _ask(scene, service, found.ok())
        asked += 1
    table = [route for route, access in access_table(service).items() if access.roles is not None]
    assert asked == len(table)


def _ask(scene: Scene, service: str, operation: Any) -> None:
    route = f"{operation.method.upper()} {operation.path}"
    allowed = access_table(service)[route].roles or frozenset()
    role = next(role for role in _PREFERRED if Role(role) in allowed)
    patient = scene.ids["patient_id"] if role == Role.PORTAL else None
    caller = scene.house.client(service, role=role, sites=[scene.site], patient=patient)
    ids = scene.path_ids(service)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        # real records, so that more than "no such record" is asked for
        case.path_parameters = {name: ids.get(name, value) for name, value in (case.path_parameters or {}).items()}
        if isinstance(case.body, dict):
            case.body = {name: ids[name] if name in _IDS else value for name, value in case.body.items()}
        headers = {"Authorization": caller._headers["Authorization"]}
        if operation.method == "put":
            headers["If-Match"] = "*"
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=_CHECKS)

    ask()
