"""The privacy officer's page: found by number, told by each service, itself an entry; names stay out of it."""

from uuid import uuid4

import pytest

from tests.support.desk import Desk
from tests.support.house import SERVICES, House
from tests.support.scene import Scene

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def scene(house: House) -> Scene:
    return Scene.build(house)


@pytest.fixture
def officer(house: House) -> Desk:
    return Desk(house, "intake", role="privacy_officer")


@pytest.mark.parametrize("by", ["record_number", "patient_id"])
def test_a_chart_is_found_by_its_number(scene: Scene, officer: Desk, by: str) -> None:
    answer = officer.sends("/intake/audit", {"number": scene.ids[by].lower()})
    assert answer.leads_to == f"/intake/audit?patient_id={scene.ids['patient_id']}"
    seen = officer.opens(answer.leads_to)
    for service in SERVICES:
        assert f"/{service}/audit-entries?patient_id={scene.ids['patient_id']}" in seen.html
    assert "Rivera" not in seen.html


@pytest.mark.parametrize("number", ["RIV-99999", "", "Rivera", "%", "00000000-0000-0000-0000-000000000000"])
def test_a_number_that_nobody_has_stays_typed_and_is_named(scene: Scene, officer: Desk, number: str) -> None:
    seen = officer.sends("/intake/audit", {"number": number}, expect=422)
    assert 'href="#number"' in seen.html
    assert seen.value_of("number") == number


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_tells_who_did_what_in_words(scene: Scene, service: str) -> None:
    said = {
        "intake": "Patient registered",
        "discharge": "Observation recorded",
        "integration": "Journal submitted",
        "maintenance": "Assessment recorded",
    }
    desk = Desk(scene.house, service, role="privacy_officer")
    path = f"/{service}/audit-entries?patient_id={scene.ids['patient_id']}"
    seen = desk.opens(path, headers=PARTIAL)
    assert said[service] in seen.words
    assert "Riverside" in seen.words
    assert "Rivera" not in seen.html
    # looking is an entry too
    assert "Audit read" in desk.opens(path).words


def test_a_long_list_is_told_page_by_page(scene: Scene, officer: Desk) -> None:
    path = f"/intake/audit-entries?patient_id={scene.ids['patient_id']}"
    for _ in range(60):
        officer.opens(path)
    first = officer.opens(path)
    assert first.words.count("Audit read") == 50
    further = first.html.split("before=")[1].split('"')[0]
    then = officer.opens(f"{path}&before={further}")
    assert "Patient registered" in then.words
    assert "Newest" in then.words


def test_a_mark_that_says_nothing_begins_at_the_newest(scene: Scene, officer: Desk) -> None:
    path = f"/intake/audit-entries?patient_id={scene.ids['patient_id']}"
    for before in ("x", "-1", "9" * 19, "9" * 40, "1.5"):
        assert "Patient registered" in officer.opens(f"{path}&before={before}").words


def test_another_sites_chart_and_no_chart_look_the_same(scene: Scene) -> None:
    harbor = Desk(scene.house, "intake", role="privacy_officer", sites=("harbor",))
    path = "/intake/audit-entries?patient_id="
    foreign = harbor.opens(path + scene.ids["patient_id"], expect=404, headers=PARTIAL)
    assert foreign.html == harbor.opens(path + str(uuid4()), expect=404, headers=PARTIAL).html
    harbor.sends("/intake/audit", {"number": scene.ids["record_number"]}, expect=422)
    harbor.opens(f"/intake/audit?patient_id={scene.ids['patient_id']}", expect=404)


@pytest.mark.parametrize("role", ["front_desk", "nurse", "therapist", "prescriber", "operations"])
def test_nobody_else_opens_it(house: House, role: str) -> None:
    Desk(house, "intake", role=role).opens("/intake/audit", expect=403)
