"""Questionnaires over HTTP: scored, kept, filed, refused."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared.store.audit import audit_entry
from tests.component.maintenance.conftest import LOW, WELL, Someone, phq9
from tests.support.house import House


def test_a_phq9_is_scored_and_kept_with_its_form(someone: Someone, house: House) -> None:
    answer = someone.staff("nurse").post("/assessments", someone.form([3, 3, 2, 2, 1, 0, 0, 0, 0]), expect=201)
    body = answer.get_json()
    assert (body["score"], body["band"], body["cut"]) == (11, "moderate", None)
    assert body["form_version"] == "phq-9/1999"
    assert body["site_id"] == "riverside"
    assert body["taken_at"] == body["recorded_at"] == "2026-03-02T15:00:00Z"
    assert body["crisis_lines"] == []


@pytest.mark.parametrize(
    ("instrument", "answers", "score", "band", "cut"),
    [
        ("gad-7", [3] * 7, 21, "severe", None),
        ("pcl-5", [2] * 20, 40, None, "above"),
        ("qids-sr16", [1] * 11 + [0] + [1] * 4, 8, "mild", None),
    ],
)
def test_the_other_forms(
    someone: Someone, instrument: str, answers: list[int], score: int, band: str | None, cut: str | None
) -> None:
    body = someone.form(answers, instrument=instrument)
    answer = someone.staff("nurse").post("/assessments", body, expect=201).get_json()
    assert (answer["score"], answer["band"], answer["cut"]) == (score, band, cut)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"answers": [0] * 8}, "/answers"),
        ({"answers": [0] * 10}, "/answers"),
        ({"answers": []}, "/answers"),
        ({"answers": [0] * 8 + [4]}, "/answers/8"),
        ({"answers": [-1] + [0] * 8}, "/answers/0"),
        ({"answers": ["0"] + [0] * 8}, "/answers/0"),
        ({"answers": [0.5] + [0] * 8}, "/answers/0"),
        ({"answers": [True] + [0] * 8}, "/answers/0"),
        ({"answers": [None] + [0] * 8}, "/answers/0"),
        ({"answers": [10**40] + [0] * 8}, "/answers/0"),
        ({"answers": [0] * 500}, "/answers"),
        ({"answers": "000000000"}, "/answers"),
        ({"instrument": "phq-8"}, "/instrument"),
        ({"patient_id": "somebody"}, "/patient_id"),
        ({"taken_at": "2026-03-02T15:02:01Z"}, "/taken_at"),
        ({"taken_at": "2026-03-01T14:59:59Z"}, "/taken_at"),
        ({"taken_at": "2026-03-02T15:00:00"}, "/taken_at"),
        ({"taken_at": "0001-01-01T00:00:00+14:00"}, "/taken_at"),
        ({"site_id": ""}, "/site_id"),
        ({"note": "she cried"}, "/note"),
    ],
)
def test_what_cannot_be_scored_is_refused_by_name_and_nothing_is_kept(
    someone: Someone, changes: dict[str, Any], pointer: str
) -> None:
    answer = someone.staff("nurse").post("/assessments", someone.form(WELL) | changes, expect=422)
    assert pointer in [error["pointer"] for error in answer.get_json()["errors"]]
    someone.staff("nurse").get(f"/assessments?patient_id={someone.patient_id}", expect=404)


@pytest.mark.parametrize("ago", [timedelta(minutes=-2), timedelta(), timedelta(hours=24)], ids=str)
def test_taken_at_comes_back_equal(someone: Someone, house: House, ago: timedelta) -> None:
    taken_at = house.clock.at - ago
    answer = someone.scores(4, taken_at=taken_at.isoformat())
    assert answer["taken_at"] == taken_at.isoformat().replace("+00:00", "Z")


def test_a_baseline_from_home_may_be_24_hours_older_than_the_latest_session(someone: Someone, house: House) -> None:
    started_at = someone.completes().administration_started_at
    house.advance(timedelta(days=2))
    someone.scores(18, taken_at=(started_at - timedelta(hours=24)).isoformat())
    assert someone.plan()["baseline"] == 18
    too_old = someone.form(LOW, taken_at=(started_at - timedelta(hours=24, seconds=1)).isoformat())
    someone.staff("nurse").post("/assessments", too_old, expect=422)


def test_assessments_are_listed_by_instrument(someone: Someone) -> None:
    someone.scores(4)
    someone.staff("nurse").post("/assessments", someone.form([0] * 7, instrument="gad-7"), expect=201)
    path = f"/assessments?patient_id={someone.patient_id}"
    nurse = someone.staff("nurse")
    assert {item["instrument"] for item in nurse.get(path).get_json()["items"]} == {"phq-9", "gad-7"}
    assert [item["score"] for item in nurse.get(f"{path}&instrument=gad-7").get_json()["items"]] == [0]
    nurse.get(f"{path}&instrument=phq-8", expect=422)
    nurse.get("/assessments", expect=422)


def test_a_list_is_read_page_by_page(someone: Someone) -> None:
    for total in (1, 2, 3):
        someone.scores(total)
    path = f"/assessments?patient_id={someone.patient_id}&limit=2"
    first = someone.staff().get(path).get_json()
    second = someone.staff().get(f"{path}&cursor={first['next']}").get_json()
    assert sorted(item["score"] for page in (first, second) for item in page["items"]) == [1, 2, 3]
    assert second["next"] is None


class TestWhereAPatientIsFiled:
    def test_an_unknown_patient_is_filed_under_the_callers_site(self, someone: Someone) -> None:
        assert someone.scores(18)["site_id"] == "riverside"
        assert someone.plan()["state"] == "induction"
        someone.staff("nurse", "lakeview").get(f"/assessments?patient_id={someone.patient_id}", expect=404)

    def test_a_caller_of_several_sites_says_which(self, someone: Someone) -> None:
        nurse = someone.staff("nurse", "riverside", "lakeview")
        refused = nurse.post("/assessments", someone.form(WELL), expect=422).get_json()
        assert refused["errors"][0]["pointer"] == "/site_id"
        answer = nurse.post("/assessments", someone.form(WELL, site_id="lakeview"), expect=201).get_json()
        assert answer["site_id"] == "lakeview"

    @pytest.mark.parametrize("site_id", ["lakeview", "nowhere"])
    def test_a_site_that_is_not_the_callers_is_not_found(self, someone: Someone, site_id: str) -> None:
        someone.staff("nurse").post("/assessments", someone.form(WELL, site_id=site_id), expect=404)

    def test_a_patient_known_only_elsewhere_is_not_found(self, someone: Someone) -> None:
        someone.completes()
        stranger = someone.staff("nurse", "lakeview")
        stranger.post("/assessments", someone.form(WELL), expect=404)
        stranger.get(f"/assessments?patient_id={someone.patient_id}", expect=404)

    def test_the_first_session_sets_the_site(self, someone: Someone, house: House) -> None:
        filed_wrongly = someone.staff("nurse", "harbor")
        filed_wrongly.post("/assessments", someone.form(phq9(20, item_9=2)), expect=201)
        someone.completes()
        assert someone.plan()["baseline"] is None or someone.plan()["site_id"] == "riverside"
        assert [item["site_id"] for item in someone.risks()] == ["riverside"]
        someone.staff("prescriber", "harbor").get(f"/plans/{someone.patient_id}", expect=404)
        assert someone.staff("prescriber", "harbor").get("/escalations").get_json()["items"] == []

    def test_what_moves_to_the_patients_site_shows_as_changed(self, someone: Someone, house: House) -> None:
        filed_wrongly = someone.staff("nurse", "harbor")
        filed_wrongly.post("/assessments", someone.form(phq9(20, item_9=2)), expect=201)
        (before,) = someone.staff("prescriber", "harbor").get("/escalations").get_json()["items"]
        one = f"/escalations/{before['escalation_id']}/acknowledgements"
        told = someone.staff("prescriber", "harbor").post(one, expect=200).headers["ETag"]
        house.advance(timedelta(minutes=1))
        someone.completes()
        since = house.clock.at.isoformat()
        assert before["escalation_id"] in [item["escalation_id"] for item in someone.escalations(updated_since=since)]
        answer = someone.staff().post(one.replace("acknowledgements", "resolutions"), expect=200)
        assert int(answer.headers["ETag"].strip('"')) == int(told.strip('"')) + 2, "one for the move, one for this"
        asked = {"patient_id": str(someone.patient_id), "updated_since": since}
        assert len(someone.staff("nurse").get("/assessments", query_string=asked).get_json()["items"]) == 1

    def test_a_patient_of_two_sites_is_seen_at_both(self, someone: Someone) -> None:
        someone.completes(planned_sessions=2)
        someone.completes(planned_sessions=2, site_id="lakeview")
        for site in ("riverside", "lakeview"):
            someone.staff("prescriber", site).get(f"/plans/{someone.patient_id}")
        someone.staff("prescriber", "harbor").get(f"/plans/{someone.patient_id}", expect=404)


class TestPortal:
    def test_a_patient_fills_in_and_reads_their_own(self, someone: Someone) -> None:
        someone.completes()
        someone.portal().post("/assessments", someone.form(WELL), expect=201)
        items = someone.portal().get(f"/assessments?patient_id={someone.patient_id}").get_json()["items"]
        assert [item["score"] for item in items] == [4]

    def test_before_any_event_a_patients_own_site_is_used(self, someone: Someone) -> None:
        someone.portal().post("/assessments", someone.form(WELL), expect=404)
        body = someone.portal("riverside").post("/assessments", someone.form(WELL), expect=201).get_json()
        assert body["site_id"] == "riverside"

    def test_another_patients_are_not_found(self, someone: Someone, newcomer: Any) -> None:
        other = newcomer()
        other.completes()
        someone.portal("riverside").post("/assessments", other.form(WELL), expect=404)
        someone.portal("riverside").get(f"/assessments?patient_id={other.patient_id}", expect=404)

    def test_nobody_is_filed_by_another_patients_portal(self, someone: Someone, newcomer: Any) -> None:
        unknown = newcomer()
        someone.portal("riverside").post("/assessments", unknown.form(WELL), expect=404)
        someone.portal("riverside").get(f"/assessments?patient_id={unknown.patient_id}", expect=404)
        someone.staff().get(f"/plans/{unknown.patient_id}", expect=404)

    def test_nothing_yet_is_an_empty_list(self, someone: Someone) -> None:
        assert someone.portal().get(f"/assessments?patient_id={someone.patient_id}").get_json()["items"] == []


def test_the_same_key_scores_once(someone: Someone) -> None:
    headers = {"Idempotency-Key": "one-form"}
    nurse = someone.staff("nurse")
    first = nurse.post("/assessments", someone.form(WELL), expect=201, headers=headers).get_json()
    again = nurse.post("/assessments", someone.form(WELL), expect=201, headers=headers).get_json()
    assert first == again
    assert len(nurse.get(f"/assessments?patient_id={someone.patient_id}").get_json()["items"]) == 1


def test_writes_and_reads_are_audited_without_a_score(someone: Someone, house: House) -> None:
    someone.scores(18)
    someone.staff().get(f"/assessments?patient_id={someone.patient_id}")
    entries = [(entry["action"], entry["access"], entry["role"]) for entry in someone.audit()]
    assert ("assessment-recorded", "write", "nurse") in entries
    assert ("assessments-read", "read", "prescriber") in entries
    with house.service("maintenance").unit_of_work() as uow:
        columns = audit_entry.columns.keys()
        kept = uow.session.execute(select(audit_entry.c.action, audit_entry.c.record_id)).all()
    assert "answers" not in columns
    assert all("18" not in row.action for row in kept)
