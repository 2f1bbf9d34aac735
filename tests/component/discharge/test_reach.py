"""Who sees a recovery, what is written down of it, and what a board costs."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from services.discharge.api.answers import RecoveriesAnswer, RecoveryAnswer
from services.discharge.store.tables import ObservationRow, SleepAttestationRow
from shared.store.audit import audit_entry
from tests.support.house import House
from tests.support.statements import statements

ACTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "", {}),
    ("GET", "/decision", {}),
    ("GET", "/observations", {}),
    ("GET", "/driving-restriction", {}),
    ("POST", "/observations", {"moaas": 5}),
    ("PUT", "/transport", {"kind": None}),
    ("PUT", "/instructions", {"patient_acknowledged": True, "escort_acknowledged": True}),
    ("PUT", "/suicide-risk-check", {"outcome": "concern"}),
    ("POST", "/release", {}),
    ("POST", "/left-against-advice", {}),
    ("POST", "/sleep-attestations", {"slept_hours": 7, "rested": True, "symptom_free": True}),
]


def test_another_sites_recovery_is_as_good_as_missing(stay: Any) -> None:
    foreign = stay.staff("nurse", "lakeview", "harbor")
    before = stay.recovery()
    for method, path, body in ACTS:
        kwargs = {} if method == "GET" else {"json": body, "headers": {"If-Match": '"1"'}}
        hidden = foreign.call(method, stay.path + path, expect=404, **kwargs).get_json()
        missing = foreign.call(method, f"/recoveries/{uuid4()}{path}", expect=404, **kwargs).get_json()
        assert hidden == missing, path
    stay.observe(systolic_mmhg=185)
    stay.staff("prescriber", "lakeview").post(f"{stay.path}/acknowledgements", expect=404)
    assert stay.recovery()["open_emergencies"] == 1
    assert before["version"] < stay.recovery()["version"]
    assert foreign.get("/recoveries").get_json()["items"] == []
    foreign.get("/recoveries?site_id=riverside", expect=404)


def test_a_portal_reaches_its_own_restriction_and_attestations_only(stay: Any, another: Any) -> None:
    mine, theirs = stay.portal(), another().begins()
    mine.get(f"{stay.path}/driving-restriction", expect=200)
    mine.get(f"{theirs.path}/driving-restriction", expect=404)
    word = {"slept_hours": 7, "rested": True, "symptom_free": True}
    mine.post(f"{theirs.path}/sleep-attestations", word, expect=404)
    for method, path, body in ACTS:
        if path in {"/driving-restriction", "/sleep-attestations"}:
            continue
        kwargs = {} if method == "GET" else {"json": body}
        mine.call(method, stay.path + path, expect=403, **kwargs)
    mine.get("/recoveries", expect=403)
    with stay.house.service("discharge").unit_of_work() as uow:
        assert uow.session.scalar(select(func.count()).select_from(SleepAttestationRow)) == 0
        assert uow.session.scalar(select(func.count()).select_from(ObservationRow)) == 0


def test_what_is_not_there_is_not_found(stay: Any) -> None:
    for path in ("/recoveries/not-an-id", f"/recoveries/{uuid4()}"):
        stay.staff().get(path, expect=404)


def test_every_read_and_write_of_the_chart_is_written_down(stay: Any) -> None:
    stay.meets_every_criterion()
    stay.decision()
    stay.staff().get(f"{stay.path}/observations")
    stay.staff().post(f"{stay.path}/release", expect=200)
    stay.restriction()
    stay.sleeps()
    officer = stay.staff("privacy_officer")
    entries = officer.get(f"/audit?patient_id={stay.patient_id}&limit=500").get_json()["items"]
    assert {(entry["access"], entry["action"]) for entry in entries if entry["action"] != "audit-read"} == {
        ("write", "recovery-opened"),
        ("write", "observation-recorded"),
        ("write", "transport-changed"),
        ("write", "instructions-recorded"),
        ("write", "suicide-risk-check-recorded"),
        ("write", "patient-released"),
        ("write", "sleep-attested"),
        ("read", "recovery-read"),
        ("read", "release-decision-read"),
        ("read", "observations-read"),
        ("read", "driving-restriction-read"),
    }
    assert all(entry["site_id"] == "riverside" for entry in entries if entry["action"] != "audit-read")
    assert "Robin" not in str(entries)


def test_a_board_is_one_entry_a_day_and_none_for_its_refreshes(stay: Any, house: House) -> None:
    def entries() -> int:
        with house.service("discharge").unit_of_work() as uow:
            opened = audit_entry.c.action == "recovery-board-opened"
            return uow.session.execute(select(func.count()).select_from(audit_entry).where(opened)).scalar_one()

    nurse = stay.staff()
    for _ in range(3):
        nurse.get("/recoveries")
    assert entries() == 1
    house.clock.advance(timedelta(days=1))
    nurse.get("/recoveries")
    assert entries() == 2


def test_the_board_lists_by_state_and_day(stay: Any, another: Any, house: House) -> None:
    held, gone = another().begins(), another().begins()
    held.observe(systolic_mmhg=165)
    gone.staff().post(f"{gone.path}/left-against-advice", expect=200)

    def listed(query: str) -> set[str]:
        return {item["session_id"] for item in stay.staff().get(f"/recoveries{query}").get_json()["items"]}

    assert listed("") == {str(s.session_id) for s in (stay, held, gone)}
    assert listed("?state=held") == {str(held.session_id)}
    assert listed("?state=recovering&state=held") == {str(stay.session_id), str(held.session_id)}
    assert listed("?day=2026-03-02") == listed("")
    assert listed("?day=2026-03-01") == set()
    stay.staff().get("/recoveries?state=asleep", expect=422)
    stay.staff().get("/recoveries?day=9999-12-31", expect=422)


def test_the_board_turns_pages(stay: Any, another: Any) -> None:
    ids = {str(stay.session_id)} | {str(another().begins().session_id) for _ in range(4)}
    seen: list[str] = []
    path: str | None = "/recoveries?limit=2"
    while path:
        answer = stay.staff().get(path).get_json()
        seen += [item["session_id"] for item in answer["items"]]
        path = f"/recoveries?limit=2&cursor={answer['next']}" if answer["next"] else None
    assert sorted(seen) == sorted(ids)


def test_the_board_and_the_single_read_tell_the_same(stay: Any) -> None:
    stay.observe(systolic_mmhg=150, diastolic_mmhg=91)
    stay.staff().put(f"{stay.path}/transport", stay.escort())
    [item] = stay.staff().get("/recoveries").get_json()["items"]
    single = stay.recovery()
    assert item == {name: value for name, value in single.items() if name != "emergencies"}
    # what is written straight to JSON has exactly the documented shape
    assert set(item) == set(RecoveryAnswer().fields)
    for name in ("vitals", "baseline", "transport", "instructions", "suicide_risk_check"):
        assert set(item[name]) == set(RecoveryAnswer().fields[name].nested().fields), name
    assert set(RecoveriesAnswer().fields) == {"items", "next"}


def test_operations_see_how_the_house_runs_and_nobodys_chart(stay: Any) -> None:
    stay.observe()
    stay.staff().put(f"{stay.path}/transport", stay.escort())
    stay.staff().put(f"{stay.path}/suicide-risk-check", {"outcome": "concern"})
    [item] = stay.staff("operations").get("/recoveries").get_json()["items"]
    assert (item["state"], item["chair_name"], item["transport"]["kind"]) == ("recovering", "Chair 1", "escort")
    assert "Robin Vale" not in str(item)
    assert all(value is None for value in item["vitals"].values())
    assert item["suicide_risk_check"] == {"outcome": None, "performed_at": None}
    stay.staff("operations").get(stay.path, expect=403)


def test_a_boards_refresh_is_one_query_however_many_are_in_the_chairs(stay: Any, another: Any, house: House) -> None:
    for _ in range(5):
        another().begins()
    nurse, engine = stay.staff(), house.service("discharge").deps.engine
    nurse.get("/recoveries")
    with statements(engine) as seen:
        assert len(nurse.get("/recoveries").get_json()["items"]) == 6
    assert len([statement for statement in seen if "SELECT" in statement]) == 1


def test_a_decision_costs_the_same_after_many_observations(stay: Any, house: House) -> None:
    engine = house.service("discharge").deps.engine
    for minute in (0, 5, 10):
        stay.move_to(minute)
        stay.observe()
    with statements(engine) as seen:
        stay.decision()
    assert len([statement for statement in seen if "SELECT" in statement]) == 4
