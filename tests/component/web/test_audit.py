"""Who read or wrote a chart stands in the audit before the answer leaves; boards once a reader, site and day."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.tiny_app import Tiny


def actions(tiny: Tiny) -> list[str]:
    return [row["action"] for row in tiny.audit_rows()]


def test_a_read_is_entered_before_the_answer_leaves(tiny: Tiny) -> None:
    cup = tiny.new_cup("a").get_json()["cup_id"]
    tiny.call("GET", f"/cups/{cup}", headers={"X-Correlation-Id": "visit-7"})
    row = tiny.audit_rows()[-1]
    assert (row["action"], row["actor"], row["role"], row["record_id"]) == ("cup-read", "nina", "nurse", cup)
    assert (row["site_id"], row["correlation_id"], row["at"]) == ("riverside", "visit-7", tiny.clock.now())


def test_each_read_of_a_chart_is_an_entry_of_its_own(tiny: Tiny) -> None:
    cup = tiny.new_cup("a").get_json()["cup_id"]
    for _ in range(3):
        tiny.call("GET", f"/cups/{cup}")
    assert actions(tiny) == ["cup-filled", "cup-read", "cup-read", "cup-read"]


def test_what_could_not_be_read_is_not_entered(tiny: Tiny) -> None:
    tiny.call("GET", f"/cups/{uuid4()}")
    assert actions(tiny) == []


def test_a_board_is_one_entry_a_reader_site_and_day(tiny: Tiny) -> None:
    both = tiny.token(sites=("riverside", "harbor"))
    for _ in range(3):
        tiny.call("GET", "/cups", token=both)
    assert sorted((r["action"], r["site_id"]) for r in tiny.audit_rows()) == [
        ("cups-opened", "harbor"),
        ("cups-opened", "riverside"),
    ]
    tiny.call("GET", "/cups?site_id=harbor", token=tiny.token(sites=("harbor",), subject="omar"))
    assert len(tiny.audit_rows()) == 3
    tiny.clock.advance(timedelta(days=1))
    tiny.call("GET", "/cups?site_id=harbor", token=both)
    assert len(tiny.audit_rows()) == 4


def test_another_process_adds_no_second_row_for_the_same_board(tiny: Tiny) -> None:
    tiny.call("GET", "/cups")
    other = tiny.another_app()
    answer = tiny.call("GET", "/cups", app=other)
    other.deps.engine.dispose()
    assert answer.status_code == 200
    assert actions(tiny) == ["cups-opened"]


def test_the_boards_day_is_the_sites_own(tiny: Tiny) -> None:
    tiny.clock.at = tiny.clock.at.replace(hour=4, minute=30)  # 23:30 the evening before in New York
    tiny.call("GET", "/cups")
    tiny.clock.advance(timedelta(hours=1))
    tiny.call("GET", "/cups")
    assert [row["day"].isoformat() for row in tiny.audit_rows()] == ["2026-03-01", "2026-03-02"]


def test_a_refresh_of_a_board_writes_nothing(tiny: Tiny) -> None:
    tiny.call("GET", "/cups")
    with tiny.engine.connect() as holds_the_only_writer:
        holds_the_only_writer.exec_driver_sql("SELECT 1")  # BEGIN IMMEDIATE: any other writer would wait
        assert tiny.call("GET", "/cups").status_code == 200


def test_the_privacy_officer_sees_a_patients_entries_newest_first_page_by_page(tiny: Tiny) -> None:
    cup = tiny.new_cup("a").get_json()["cup_id"]
    for _ in range(4):
        tiny.call("GET", f"/cups/{cup}")
    patient = tiny.audit_rows()[0]["patient_id"]
    officer = tiny.token("privacy_officer", subject="petra")
    first = tiny.call("GET", f"/audit?patient_id={patient}&limit=3", token=officer).get_json()
    assert [entry["action"] for entry in first["items"]] == ["cup-read"] * 3
    second = tiny.call("GET", f"/audit?patient_id={patient}&limit=3&cursor={first['next']}", token=officer).get_json()
    assert [entry["action"] for entry in second["items"]] == ["cup-read", "cup-filled"]
    assert second["next"] is None
    assert actions(tiny)[-2:] == ["audit-read", "audit-read"]


@pytest.mark.parametrize("role", ["nurse", "operations", "medical_director"])
def test_nobody_else_reads_the_audit(tiny: Tiny, role: str) -> None:
    assert tiny.call("GET", f"/audit?patient_id={uuid4()}", token=tiny.token(role)).status_code == 403
