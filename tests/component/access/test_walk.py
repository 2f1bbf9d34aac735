"""Every route of every service, with every role, a foreign site and another patient's portal.

The order of the tests is that of the file: strangers first, so that what they were refused is still there for those who
may.
"""

import re
from uuid import uuid4

import pytest

from shared.kernel.people import Role
from shared.web.access import Access, Binding, access_table
from shared.web.guard import route_of
from shared.web.page_access import page_table
from tests.support.house import SERVICES, Client
from tests.support.requests import asking
from tests.support.scene import Scene
from tests.support.snapshot import snapshot

# what lies outside /<service>/v1, or is for anybody
OPEN = {f"{s} {r}" for s in SERVICES for r, a in access_table(s).items() if a.roles is None}
GUARDED = [(s, r, a) for s in SERVICES for r, a in access_table(s).items() if a.roles is not None]
REFUSED = [(s, r, role) for s, r, a in GUARDED for role in Role if role not in (a.roles or ())]
# a patient without any event is filed under the caller's site: these make the first record, so nobody is a stranger yet
_FOREIGN = [(s, r, a) for s, r, a in GUARDED if a.binding is not Binding.NONE]


def caller(scene: Scene, service: str, role: str, *, site: str = "riverside", patient: str | None = None) -> Client:
    bound = (patient or scene.ids["patient_id"]) if role == Role.PORTAL else None
    return scene.house.client(service, role=role, sites=[site], patient=bound, subject=f"{role}-of-{site}")


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_has_an_entry_and_every_entry_a_route(scene: Scene, service: str) -> None:
    rules = scene.house.service(service).app.url_map.iter_rules()
    routes = {
        route_of(method, rule.rule)
        for rule in rules
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    assert routes == set(access_table(service) | page_table(service))


def test_only_these_need_no_token() -> None:
    per_service = {"GET /livez", "GET /readyz", "GET /metrics"}
    known = {f"{s} {r}" for s in SERVICES for r in per_service}
    known |= {f"{s} GET /{s}/v1/{r}" for s in SERVICES for r in ("openapi.json", "docs", "docs/assets/{{name}}")}
    known = {route.replace("{{name}}", "{name}") for route in known}
    known |= {"intake GET /", "intake GET /demo/clock", "intake POST /demo/clock", "intake GET /intake/v1/keys"}
    assert known == OPEN


@pytest.mark.parametrize(
    ("service", "route", "access"), GUARDED, ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_without_a_token_nobody_gets_in(scene: Scene, service: str, route: str, access: Access) -> None:
    stranger = Client(scene.house.service(service).app, f"/{service}/v1", "")
    answer = asking(scene, service, route).by(stranger)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(("service", "route", "role"), REFUSED)
def test_a_role_that_the_table_doesnt_name_is_403(scene: Scene, service: str, route: str, role: Role) -> None:
    before = snapshot(scene.house) if not route.startswith("GET") else None
    answer = asking(scene, service, route).by(caller(scene, service, role), **{"If-Match": "*"})
    assert answer.status_code == 403, answer.get_json(silent=True)
    if before is not None:
        assert snapshot(scene.house) == before


@pytest.mark.parametrize(
    ("service", "route", "role"),
    [(s, r, role) for s, r, a in _FOREIGN for role in sorted(a.roles or ()) if role != Role.PORTAL],
)
def test_another_sites_records_are_404(scene: Scene, service: str, route: str, role: Role) -> None:
    request = asking(scene, service, route)
    if access_table(service)[route].binding is Binding.SITE and request.method == "GET":
        request.query["site_id"] = scene.site
    before = snapshot(scene.house)
    answer = request.by(caller(scene, service, role, site="harbor"), **{"If-Match": "*"})
    if route in {"GET /intake/v1/labels", "GET /intake/v1/escort-labels"}:
        # asked for many at once: those of others are left out
        assert (answer.status_code, answer.get_json()["items"]) == (200, [])
        return
    assert answer.status_code == 404, answer.get_json(silent=True)
    assert scene.ids["patient_id"] not in answer.get_data(as_text=True)
    assert snapshot(scene.house) == before


@pytest.mark.parametrize(
    ("service", "route", "role"),
    [(s, r, role) for s, r, a in _FOREIGN for role in sorted(a.roles or ()) if "GET" in r and "{" not in r],
)
def test_a_list_holds_nothing_of_another_site(scene: Scene, service: str, route: str, role: Role) -> None:
    stranger = caller(scene, service, role, site="harbor", patient=str(uuid4()))
    request = asking(scene, service, route)
    for query in ({}, request.query):
        request.query = query
        answer = request.by(stranger)
        assert answer.status_code in {200, 404, 422}
        seen = answer.get_data(as_text=True)
        assert scene.ids["session_id"] not in seen
        assert scene.ids["patient_id"] not in seen
        if answer.status_code == 200:
            assert answer.get_json()["items"] == []


@pytest.mark.parametrize(("service", "route"), [(s, r) for s, r, a in GUARDED if a.roles and Role.PORTAL in a.roles])
def test_another_patients_portal_finds_nothing(scene: Scene, service: str, route: str) -> None:
    before = snapshot(scene.house)
    stranger = caller(scene, service, Role.PORTAL, patient=str(uuid4()))
    answer = asking(scene, service, route).by(stranger, **{"If-Match": "*"})
    assert answer.status_code == 404, answer.get_json(silent=True)
    assert snapshot(scene.house) == before


@pytest.mark.parametrize(("service", "route"), [(s, r) for s, r, a in _FOREIGN if "{" in r])
def test_a_foreign_record_and_a_missing_one_look_the_same(scene: Scene, service: str, route: str) -> None:
    role = sorted((access_table(service)[route].roles or frozenset()) - {Role.PORTAL} or {Role.PORTAL})[0]
    stranger = caller(scene, service, role, site="harbor", patient=str(uuid4()))
    foreign = asking(scene, service, route)
    missing = asking(scene, service, route)
    missing.path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", lambda _: str(uuid4()), missing.path)
    if missing.body and "patient_id" in missing.body:
        missing.body["patient_id"] = str(uuid4())
    answers = [request.by(stranger, **{"If-Match": "*"}) for request in (foreign, missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].get_data() == answers[1].get_data()


@pytest.mark.parametrize(
    ("service", "route", "role"), [(s, r, role) for s, r, a in GUARDED for role in sorted(a.roles or ())]
)
def test_whoever_may_is_let_in_and_finds_the_record(scene: Scene, service: str, route: str, role: Role) -> None:
    """Not always 200: an act may come out of turn by now, or follow an edition that has a newer one. But never a
    stranger's answer, and never a fall."""
    version = {"If-Match": "*"} if route.startswith("PUT") else {}
    answer = asking(scene, service, route).by(caller(scene, service, role), **version)
    assert answer.status_code in {200, 201, 409, 412, 422}, answer.get_json(silent=True)
    if route.startswith("GET"):
        assert answer.status_code == 200
