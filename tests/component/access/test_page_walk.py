"""Every page of every service, with every role, a foreign site, and a form that isn't ours."""

import re
from uuid import uuid4

import pytest

from shared.kernel.people import Role
from shared.web.access import Access, Binding
from shared.web.page_access import page_table
from tests.support.desk import Desk
from tests.support.house import SERVICES
from tests.support.scene import Scene
from tests.support.snapshot import snapshot

_STAFF = [role for role in Role if role not in {Role.PORTAL, Role.SERVICE}]
PAGES = [(s, r, a) for s in SERVICES for r, a in page_table(s).items() if a.roles is not None]
REFUSED = [(s, r, role) for s, r, a in PAGES for role in _STAFF if role not in (a.roles or ())]
RECORDS = [
    (s, r, role)
    for s, r, a in PAGES
    if "{" in r and a.binding is not Binding.NONE
    for role in sorted(a.roles or ())
    if role in _STAFF
]
OPENED = [
    (s, r, role)
    for s, r, a in PAGES
    if r.startswith("GET") and "{" not in r and not r.endswith("/live")
    for role in sorted(a.roles or ())
    if role in _STAFF
]


def _path(scene: Scene, service: str, route: str) -> str:
    ids = scene.path_ids(service)
    path = route.split(" ")[1]
    return re.sub(r"\{(\w+)\}", lambda found: str(ids.get(found[1], uuid4())), path)


def _asks(desk: Desk, scene: Scene, service: str, route: str, *, expect: int) -> str:
    path = _path(scene, service, route)
    if route.startswith("GET"):
        return desk.opens(path, expect=expect, query_string={"patient_id": scene.ids["patient_id"]}).html
    return desk.sends(path, expect=expect).html


@pytest.mark.parametrize(("service", "route", "role"), REFUSED)
def test_a_role_that_the_table_doesnt_name_gets_no_page(scene: Scene, service: str, route: str, role: Role) -> None:
    before = snapshot(scene.house) if route.startswith("POST") else None
    said = _asks(Desk(scene.house, service, role=role), scene, service, route, expect=403)
    assert "Not for your role" in said
    assert "Open to: " in said
    if before is not None:
        assert snapshot(scene.house) == before


@pytest.mark.parametrize(("service", "route", "role"), RECORDS)
def test_another_sites_record_is_no_page(scene: Scene, service: str, route: str, role: Role) -> None:
    before = snapshot(scene.house)
    said = _asks(Desk(scene.house, service, role=role, sites=("harbor",)), scene, service, route, expect=404)
    assert scene.ids["record_number"] not in said
    assert snapshot(scene.house) == before


@pytest.mark.parametrize(("service", "route", "role"), OPENED)
def test_a_page_shows_nothing_of_another_site(scene: Scene, service: str, route: str, role: Role) -> None:
    desk = Desk(scene.house, service, role=role, sites=("harbor",), subject=f"demo-{role.replace('_', '-')}")
    answer = desk._client.get(_path(scene, service, route))
    assert answer.status_code in {200, 303, 404, 422}
    said = answer.get_data(as_text=True)
    assert scene.ids["patient_id"] not in said
    assert scene.ids["session_id"] not in said


@pytest.mark.parametrize(("service", "route", "access"), [entry for entry in PAGES if entry[1].startswith("POST")])
def test_a_form_that_isnt_ours_changes_nothing(scene: Scene, service: str, route: str, access: Access) -> None:
    before = snapshot(scene.house)
    role = sorted(access.roles or ())[0]
    Desk(scene.house, service, role=role).sends(_path(scene, service, route), expect=403, proof=False)
    assert snapshot(scene.house) == before


@pytest.mark.parametrize(("service", "route", "access"), PAGES)
def test_nobody_gets_in_without_signing_in(scene: Scene, service: str, route: str, access: Access) -> None:
    method, _ = route.split(" ")
    client = scene.house.service(service).app.test_client()
    answer = client.open(_path(scene, service, route), method=method)
    if method == "GET":
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/intake/sign-in?next=")
    else:
        assert answer.status_code == 401
    assert access.binding in Binding
