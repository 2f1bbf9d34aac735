"""Patients: registered once, found again, seen only from where they belong."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.component.intake.conftest import Clinic, somebody_else


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.get_json()["errors"]]


def test_a_patient_comes_back_as_registered(clinic: Clinic) -> None:
    person = clinic.person(family_name="Dubé", given_name="Marguerite")
    answer = clinic.desk.post("/patients", person, expect=201)
    registered = answer.get_json()
    assert person.items() <= registered.items()
    assert registered["record_number"] == "RIV-20001"
    assert registered["possible_duplicates"] == []
    read = clinic.desk.get(f"/patients/{registered['patient_id']}")
    assert person.items() <= read.get_json().items()
    assert read.headers["ETag"] == answer.headers["ETag"] == '"1"'


def test_each_site_counts_its_own_records(clinic: Clinic) -> None:
    lakeview = clinic.staff("front_desk", "lakeview")
    assert clinic.registers()["record_number"] == "RIV-20001"
    assert clinic.registers(by=lakeview, home_site_id="lakeview")["record_number"] == "LAK-20001"
    assert clinic.registers()["record_number"] == "RIV-20002"


def test_record_numbers_stay_unique_when_desks_register_at_one_moment(clinic: Clinic) -> None:
    people = [clinic.person() for _ in range(12)]

    def register(person: dict[str, Any]) -> str:
        number: str = clinic.staff("front_desk").post("/patients", person, expect=201).get_json()["record_number"]
        return number

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(register, people))
    assert sorted(numbers) == [f"RIV-{20000 + n}" for n in range(1, 13)]


def test_a_likely_duplicate_is_pointed_out_and_still_registered(clinic: Clinic) -> None:
    first = clinic.registers(family_name="Dubé", given_name="Marguerite", birth_date="1949-05-04", phone="212 555 0171")
    second = clinic.registers(family_name="Dube", given_name="Margerite", birth_date="1949-05-04", phone="12125550171")
    (pointed,) = second["possible_duplicates"]
    assert pointed["patient_id"] == first["patient_id"]
    assert pointed["record_number"] == first["record_number"]
    assert pointed["because"] == ["same-birth-date-similar-name", "same-phone"]
    assert second["patient_id"] != first["patient_id"]


def test_another_sites_patients_are_not_given_away_as_duplicates(clinic: Clinic) -> None:
    person = clinic.person()
    clinic.registers(**person)
    lakeview = clinic.staff("front_desk", "lakeview")
    assert clinic.registers(by=lakeview, **person | {"home_site_id": "lakeview"})["possible_duplicates"] == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"family_name": "  "}, "/family_name"),
        ({"family_name": "x" * 101}, "/family_name"),
        ({"given_name": "-"}, "/given_name"),
        ({"given_name": "a\u0000b"}, "/given_name"),
        ({"given_name": 5}, "/given_name"),
        ({"birth_date": "2026-03-03"}, "/birth_date"),
        ({"birth_date": "1850-01-01"}, "/birth_date"),
        ({"birth_date": "0001-01-01"}, "/birth_date"),
        ({"birth_date": "03/02/1980"}, "/birth_date"),
        ({"birth_date": 19800101}, "/birth_date"),
        ({"phone": "call me"}, "/phone"),
        ({"home_site_id": "atlantis"}, "/home_site_id"),
        ({"nickname": "M"}, "/nickname"),
    ],
)
def test_what_cant_be_accepted_is_named_and_nothing_is_written(
    clinic: Clinic, changes: dict[str, Any], pointer: str
) -> None:
    answer = clinic.desk.post("/patients", clinic.person(**changes), expect=422)
    assert pointer in pointers(answer)
    assert clinic.desk.get("/patients").get_json()["items"] == []


@pytest.mark.parametrize("missing", ["family_name", "given_name", "birth_date", "phone", "home_site_id"])
def test_every_field_of_a_patient_is_needed(clinic: Clinic, missing: str) -> None:
    person = clinic.person()
    del person[missing]
    assert pointers(clinic.desk.post("/patients", person, expect=422)) == [f"/{missing}"]


def test_born_today_is_possible(clinic: Clinic) -> None:
    assert clinic.registers(birth_date="2026-03-02")["birth_date"] == "2026-03-02"


def test_nobody_registers_for_another_site(clinic: Clinic) -> None:
    answer = clinic.desk.post("/patients", clinic.person(home_site_id="lakeview"), expect=404)
    assert pointers(answer) == ["/home_site_id"]


@pytest.mark.parametrize(
    "typed",
    [
        "dube",
        "Dubé marg",
        "marg dub",
        "roy",
        "RIV-20001",
        "riv-20001",
        "20001",
        "5550171",
        "(212) 555-0171",
        "0171",
        "1949-05-04",
    ],
)
def test_a_patient_is_found_by_name_number_phone_or_birth_date(clinic: Clinic, typed: str) -> None:
    found = clinic.registers(
        family_name="Dubé-Roy", given_name="Marguerite", birth_date="1949-05-04", phone="(212) 555-0171"
    )
    clinic.registers()
    items = clinic.desk.get("/patients", query_string={"query": typed}).get_json()["items"]
    assert [item["patient_id"] for item in items] == [found["patient_id"]]


@pytest.mark.parametrize("typed", ["uguerite", "%", "_", "zzz", "999", "1949-05-05", "dube xx", "1' or '1'='1"])
def test_nobody_else_is_found(clinic: Clinic, typed: str) -> None:
    clinic.registers(family_name="Dubé", given_name="Marguerite", birth_date="1949-05-04", phone="(212) 555-0171")
    assert clinic.desk.get("/patients", query_string={"query": typed}).get_json()["items"] == []


def test_a_long_list_comes_in_pages(clinic: Clinic) -> None:
    everyone = {clinic.registers()["patient_id"] for _ in range(5)}
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = clinic.desk.get(f"/patients?limit=2{cursor and '&cursor=' + cursor}").get_json()
        seen += [item["patient_id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == 5
    assert set(seen) == everyone


def test_a_patient_is_seen_from_home_course_and_booked_site_only(clinic: Clinic) -> None:
    both = clinic.staff("front_desk", "riverside", "lakeview", "harbor", subject="everywhere")
    patient = clinic.registers()
    path = f"/patients/{patient['patient_id']}"
    lakeview, harbor = clinic.staff("front_desk", "lakeview"), clinic.staff("front_desk", "harbor")
    missing = clinic.desk.get(f"/patients/{somebody_else()}", expect=404).get_json()
    assert lakeview.get(path, expect=404).get_json() == missing
    assert lakeview.get("/patients").get_json()["items"] == []
    course = clinic.course(by=both, patient_id=patient["patient_id"], site_id="lakeview")
    lakeview.get(path)
    harbor.get(path, expect=404)
    booking = clinic.booking(course, site_id="harbor", chair_id="h1")
    both.post("/sessions", booking, expect=201)
    harbor.get(path)
    assert [item["patient_id"] for item in harbor.get("/patients").get_json()["items"]] == [patient["patient_id"]]


def test_a_foreign_site_in_the_query_is_not_found(clinic: Clinic) -> None:
    for route in ("/patients", "/boards/today", "/boosters", "/sites"):
        clinic.desk.get(f"{route}?site_id=lakeview", expect=404)


def test_labels_give_names_to_those_who_may_read_them(clinic: Clinic) -> None:
    one, other = clinic.registers(), clinic.registers()
    query = f"/labels?patient_id={one['patient_id']}&patient_id={other['patient_id']}&patient_id={somebody_else()}"
    labels = clinic.staff("therapist").get(query).get_json()["items"]
    assert labels == [
        {name: p[name] for name in ("patient_id", "name", "record_number")} | {"birth_year": int(p["birth_date"][:4])}
        for p in (one, other)
    ]
    assert clinic.staff("therapist", "lakeview").get(query).get_json()["items"] == []
    clinic.staff("operations").get(query, expect=403)
    clinic.desk.get("/labels", expect=422)
    clinic.desk.get("/labels?patient_id=me", expect=422)


def test_a_portal_reaches_nothing_here(clinic: Clinic) -> None:
    patient = clinic.registers()
    portal = clinic.house.client("intake", role="portal", sites=(), patient=patient["patient_id"])
    for path in (f"/patients/{patient['patient_id']}", "/patients", "/boards/today", "/boosters", "/sites"):
        portal.get(path, expect=403)


def test_reading_and_finding_a_patient_is_audited(clinic: Clinic) -> None:
    patient = clinic.registers()
    clinic.desk.get(f"/patients/{patient['patient_id']}")
    clinic.desk.get("/patients?query=5550001")
    assert clinic.audit(patient["patient_id"]) == [
        ("write", "patient-registered"),
        ("read", "patient-read"),
        ("read", "patient-found"),
    ]


def test_sites_show_their_chairs(clinic: Clinic) -> None:
    (site,) = clinic.desk.get("/sites").get_json()["items"]
    assert (site["site_id"], site["name"], site["time_zone"]) == ("riverside", "Riverside", "America/New_York")
    assert site["chairs"][0] == {"chair_id": "r1", "name": "R1"}
    everywhere = clinic.staff("nurse", "riverside", "lakeview", subject="both")
    assert len(everywhere.get("/sites").get_json()["items"]) == 2
    assert len(everywhere.get("/sites?site_id=lakeview").get_json()["items"]) == 1


@pytest.mark.parametrize("beyond", [2**31, 2**63 - 1])
def test_an_audit_cursor_beyond_every_entry_shows_them_all(clinic: Clinic, beyond: int) -> None:
    patient = clinic.registers()["patient_id"]
    officer = clinic.staff("privacy_officer")
    cursor = base64.urlsafe_b64encode(json.dumps([beyond]).encode()).decode().rstrip("=")
    query = {"patient_id": patient, "cursor": cursor}
    shown = officer.get("/audit", query_string=query).get_json()["items"]
    assert [entry["action"] for entry in shown] == ["patient-registered"]
