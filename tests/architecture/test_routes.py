"""Every route has one row in the access table, and every row has a route."""

import pytest

from shared.web.access import access_table
from shared.web.guard import route_of
from shared.web.page_access import page_table
from tests.architecture.tree import SERVICES
from tests.support.house import House

# mounted by `python -m services` and by intake in a demo only
_DEMO = {"GET /demo/clock", "POST /demo/clock"}


def _routes(house: House, service: str) -> set[str]:
    return {
        route_of(method, rule.rule)
        for rule in house.service(service).app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_has_a_row_that_says_who_may_call_it(house: House, service: str) -> None:
    assert sorted(_routes(house, service) - set(access_table(service) | page_table(service))) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_row_of_the_access_table_has_a_route(house: House, service: str) -> None:
    assert sorted(set(access_table(service) | page_table(service)) - _routes(house, service) - _DEMO) == []


@pytest.mark.parametrize("service", SERVICES)
def test_only_health_documents_and_the_demo_are_open_to_anybody(service: str) -> None:
    open_to_all = {route for route, access in access_table(service).items() if access.roles is None}

    assert open_to_all <= {
        *("GET /", "GET /livez", "GET /readyz", "GET /metrics", "GET /intake/v1/keys"),
        *(f"GET /{service}/v1/openapi.json", f"GET /{service}/v1/docs"),
        f"GET /{service}/v1/docs/assets/{{name}}",
        *_DEMO,
    }
