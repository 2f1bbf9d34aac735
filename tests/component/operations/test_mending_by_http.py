"""An operator sees who is held back and mends it, by HTTP, on both stores; nothing of what an event says is shown."""

import base64
import json
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from shared.store.audit import audit_entry
from tests.component.operations.conftest import Held
from tests.support.house import Client, House

Hold = Callable[..., Held]
WHY = {"reason": "window closed by hand, ticket 311"}


def acts(house: House) -> list[tuple[str, UUID | None]]:
    with house.service("integration").unit_of_work() as uow:
        query = select(audit_entry.c.action, audit_entry.c.patient_id).where(audit_entry.c.access == "write")
        return [(row.action, row.patient_id) for row in uow.session.execute(query)]


def test_a_parked_line_is_told_in_ids_and_codes(hold: Hold) -> None:
    held = hold(seqs=(4, 5, 6), applied=3)
    [item] = held.parked()
    assert item["parked_id"] == held.parked_id
    assert (item["key_seq"], item["applied_seq"], item["waiting"]) == (4, 3, 2)
    assert (item["state"], item["reason"], item["attempts"]) == ("dead", "conflict", 10)
    shown = held.client.get(f"/parked/{held.parked_id}").get_json()
    assert shown["site_id"] == "riverside"
    assert "left_at" in shown["field_names"]
    said = held.client.get(f"/parked/{held.parked_id}").get_data(as_text=True)
    for told in ("2026-03-02T16:45:30", "Chair 1", "driving-1", "release-1"):
        assert told not in said


def test_lines_come_page_by_page_each_once(hold: Hold) -> None:
    held = [hold().parked_id for _ in range(5)]
    client, cursor, seen = hold().client, None, []
    for _ in range(3):
        page = client.get("/parked", query_string={"limit": 2} | ({"cursor": cursor} if cursor else {})).get_json()
        seen += [item["parked_id"] for item in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert seen[:5] == held


@pytest.mark.parametrize(("limit", "items", "more"), [(1, 1, True), (2, 2, True), (3, 3, False), (500, 3, False)])
def test_a_page_holds_what_was_asked_for_and_says_whether_there_is_more(
    hold: Hold, limit: int, items: int, more: bool
) -> None:
    client = [hold() for _ in range(3)][-1].client
    page = client.get("/parked", query_string={"limit": limit}).get_json()
    assert (len(page["items"]), page["next"] is not None) == (items, more)


@pytest.mark.parametrize(("limit", "expect"), [(0, 422), (1, 200), (500, 200), (501, 422)])
def test_a_page_has_from_one_to_five_hundred_lines(operator: Client, limit: int, expect: int) -> None:
    for path in ("/parked", "/discarded", "/quarantine", "/replays"):
        operator.get(path, query_string={"limit": limit}, expect=expect)


@pytest.mark.parametrize(("limit", "expect"), [(0, 422), (1, 200), (200, 200), (201, 422)])
def test_a_look_into_the_log_shows_from_one_to_two_hundred_records(operator: Client, limit: int, expect: int) -> None:
    operator.get("/events", query_string={"topic": "discharge-cleared", "limit": limit}, expect=expect)


@pytest.mark.parametrize(
    ("offset", "expect"), [(2**43 - 1, 201), (2**43, 201), (2**43 + 1, 422), (-1, 422), (True, 422)]
)
def test_a_replay_names_offsets_that_a_log_can_hold(operator: Client, offset: int, expect: int) -> None:
    order = {"topic": "discharge-cleared", "from_offset": offset}
    operator.post("/replays", order, expect=expect)


@pytest.mark.parametrize(("start", "end", "expect"), [(4, 4, 422), (4, 5, 201), (5, 4, 422)])
def test_a_replay_ends_after_it_begins(operator: Client, start: int, end: int, expect: int) -> None:
    operator.post("/replays", {"topic": "discharge-cleared", "from_offset": start, "to_offset": end}, expect=expect)


@pytest.mark.parametrize(("characters", "expect"), [(0, 422), (1, 200), (199, 200), (200, 200), (201, 422)])
def test_a_reason_has_from_one_to_two_hundred_characters(hold: Hold, characters: int, expect: int) -> None:
    held = hold()
    held.client.post(f"/parked/{held.parked_id}/discard", {"reason": "r" * characters}, expect=expect)


@pytest.mark.parametrize(
    ("position", "expect"), [(-1, 422), (2**31, 200), (2**63 - 1, 200), (2**63, 422), (True, 422), ("1", 422)]
)
def test_a_cursor_may_name_any_row_that_a_store_can_hold(operator: Client, position: object, expect: int) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([position]).encode()).decode()
    for path in ("/parked", "/discarded", "/quarantine"):
        operator.get(path, query_string={"cursor": cursor}, expect=expect)


def test_retrying_wakes_a_dead_line_and_says_so_in_the_audit(hold: Hold) -> None:
    held = hold()
    answer = held.client.post(f"/parked/{held.parked_id}/retry", expect=200).get_json()
    assert answer["state"] == "failing"
    assert answer["next_attempt_at"] is not None
    held.client.post(f"/parked/{held.parked_id}/retry", expect=200)
    assert acts(held.house)[-1] == ("parked-event-retried", UUID(held.parked_id.split(".")[1]))
    held.house.run_workers("integration")
    assert held.parked() == []


def test_discarding_asks_a_reason_and_keeps_it(hold: Hold) -> None:
    held = hold(seqs=(1, 2))
    for body in ({}, {"reason": "  "}, {"reason": "x" * 201}, {"reason": "x", "what": "everything"}):
        held.client.post(f"/parked/{held.parked_id}/discard", body, expect=422)
    assert len(held.parked()) == 1
    answer = held.client.post(f"/parked/{held.parked_id}/discard", WHY, expect=200).get_json()
    assert (answer["first_seq"], answer["last_seq"], answer["reason"]) == (1, 1, WHY["reason"])
    [kept] = held.client.get("/discarded").get_json()["items"]
    assert kept["discarded_by"] == "operations-riverside"
    assert acts(held.house)[-1][0] == "parked-event-discarded"


def test_an_event_is_discarded_once_whoever_asks_again(hold: Hold) -> None:
    held = hold(seqs=(1, 2))
    held.client.post(f"/parked/{held.parked_id}/discard", WHY, expect=200)
    again = held.client.post(f"/parked/{held.parked_id}/discard", WHY, expect=409).get_json()
    assert again["type"].endswith("already-discarded")
    assert len(held.client.get("/discarded").get_json()["items"]) == 1
    assert len(held.parked()) == 1


def test_the_same_request_sent_twice_is_one_discard(hold: Hold) -> None:
    held = hold(seqs=(1, 2))
    path, key = f"/parked/{held.parked_id}/discard", {"Idempotency-Key": "one press"}
    first = held.client.post(path, WHY, headers=key, expect=200).get_json()
    assert held.client.post(path, WHY, headers=key, expect=200).get_json() == first
    assert len(held.client.get("/discarded").get_json()["items"]) == 1


def test_a_gap_cannot_be_retried_but_given_up(hold: Hold) -> None:
    held = hold(seqs=(17,), applied=15, state="gap", attempts=0)
    refused = held.client.post(f"/parked/{held.parked_id}/retry", expect=409).get_json()
    assert refused["type"].endswith("gap")
    assert "Event 16" in refused["title"]
    answer = held.client.post(f"/parked/{held.parked_id}/discard", WHY | {"what": "missing"}, expect=200).get_json()
    assert (answer["first_seq"], answer["last_seq"], answer["event_id"]) == (16, 16, None)
    held.house.run_workers("integration")
    assert held.parked() == []


@pytest.mark.parametrize(
    "parked_id", ["nonsense", "discharge-cleared.nobody.1", "discharge-cleared.x.99999999999999999999"]
)
@pytest.mark.parametrize("act", ["", "/retry", "/discard"])
def test_an_event_that_is_not_parked_is_not_found(operator: Client, parked_id: str, act: str) -> None:
    operator.call(
        "POST" if act else "GET", f"/parked/{parked_id}{act}", json=WHY if act == "/discard" else {}, expect=404
    )


def test_quarantine_tells_the_place_and_the_reason_and_keeps_the_bytes(hold: Hold) -> None:
    held = hold()
    [item] = held.client.get("/quarantine").get_json()["items"]
    assert (item["topic"], item["partition"], item["offset"]) == ("discharge-cleared", 0, 99)
    assert item["reason"] == "header ce_id is missing"
    assert held.client.get(f"/quarantine/{item['quarantine_id']}").get_json() == item
    for number in (0, item["quarantine_id"] + 1, 2**80):
        held.client.get(f"/quarantine/{number}", expect=404)


@pytest.mark.parametrize("path", ["/parked", "/discarded", "/quarantine", "/replays"])
def test_a_cursor_that_is_none_is_refused(operator: Client, path: str) -> None:
    operator.get(path, query_string={"cursor": "nonsense"}, expect=422)
    operator.get(path, query_string={"limit": 0}, expect=422)
