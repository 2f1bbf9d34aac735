"""The patient's line to the prescriber, and the weeks they tell of."""

from typing import Any

import pytest

from tests.component.maintenance.conftest import Someone
from tests.support.house import House

_WORDS = "the nights are still short"


def a_thread(someone: Someone) -> str:
    items = someone.portal().get("/threads").get_json()["items"]
    assert len(items) == 1
    return str(items[0]["thread_id"])


def test_patient_and_prescriber_write_to_each_other(someone: Someone) -> None:
    someone.responds()
    thread_id = a_thread(someone)
    sent = someone.portal().post(f"/threads/{thread_id}/messages", {"text": _WORDS}, expect=201).get_json()
    assert (sent["number"], sent["sender"], sent["text"]) == (1, "patient", _WORDS)
    (thread,) = someone.staff().get(f"/threads?patient_id={someone.patient_id}").get_json()["items"]
    assert (thread["waits_for"], [message["text"] for message in thread["messages"]]) == ("care-team", [_WORDS])
    someone.staff().post(f"/threads/{thread_id}/messages", {"text": "Let us look at that."}, expect=201)
    (own,) = someone.portal().get("/threads").get_json()["items"]
    assert [message["sender"] for message in own["messages"]] == ["patient", "care-team"]
    assert own["waits_for"] == "patient"


def test_two_messages_at_one_instant_are_two_versions_of_the_thread(someone: Someone) -> None:
    someone.responds()
    path = f"/threads/{a_thread(someone)}/messages"
    tags = {someone.portal().post(path, {"text": _WORDS}, expect=201).headers["ETag"] for _ in range(2)}
    assert len(tags) == 2


def test_a_board_of_threads_shows_no_words(someone: Someone) -> None:
    someone.responds()
    someone.portal().post(f"/threads/{a_thread(someone)}/messages", {"text": _WORDS}, expect=201)
    answer = someone.staff().get("/threads")
    assert _WORDS not in answer.text
    assert [item["message_count"] for item in answer.get_json()["items"]] == [1]
    assert someone.boards_opened("threads-opened") == 1


def test_another_patients_or_sites_thread_is_not_found(someone: Someone, newcomer: Any, a_stranger: Any) -> None:
    someone.responds()
    other = newcomer()
    other.completes()
    path = f"/threads/{a_thread(someone)}/messages"
    other.portal("riverside").post(path, {"text": "hello"}, expect=404)
    someone.staff("prescriber", "lakeview").post(path, {"text": "hello"}, expect=404)
    someone.staff().post(f"/threads/{a_stranger}/messages", {"text": "hello"}, expect=404)
    assert someone.staff("prescriber", "lakeview").get("/threads").get_json()["items"] == []
    someone.staff("prescriber", "lakeview").get(f"/threads?patient_id={someone.patient_id}", expect=404)
    other.portal().get(f"/threads?patient_id={someone.patient_id}", expect=404)


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "nul\x00", 7, None])
def test_a_message_needs_words(someone: Someone, text: Any) -> None:
    someone.responds()
    someone.portal().post(f"/threads/{a_thread(someone)}/messages", {"text": text}, expect=422)


def test_words_lie_sealed_and_are_audited_as_sent(someone: Someone, house: House) -> None:
    someone.responds()
    someone.portal().post(f"/threads/{a_thread(someone)}/messages", {"text": _WORDS}, expect=201)
    stored = b"".join(path.read_bytes() for path in house.folder.glob("maintenance.db*"))
    assert _WORDS.encode() not in stored
    actions = [entry["action"] for entry in someone.audit()]
    assert "message-sent" in actions
    assert "thread-read" in actions


def test_a_week_is_told_once(someone: Someone) -> None:
    someone.responds()
    body = {"patient_id": str(someone.patient_id), "active_days": 3, "restful_nights": 5}
    kept = someone.portal().post("/lifestyle-check-ins", body, expect=201).get_json()
    assert (kept["week_starts_on"], kept["active_days"], kept["balanced_days"]) == ("2026-03-02", 3, None)
    again = someone.portal().post("/lifestyle-check-ins", body, expect=409).get_json()
    assert again["type"] == "urn:afterglow:problem:already-checked-in"
    earlier = body | {"week_starts_on": "2026-02-23"}
    someone.staff("nurse").post("/lifestyle-check-ins", earlier, expect=201)
    items = someone.staff().get(f"/lifestyle-check-ins?patient_id={someone.patient_id}").get_json()["items"]
    assert {item["week_starts_on"] for item in items} == {"2026-03-02", "2026-02-23"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"active_days": 8}, "/active_days"),
        ({"active_days": -1}, "/active_days"),
        ({"active_days": None}, "/active_days"),
        ({"week_starts_on": "2026-03-03"}, "/week_starts_on"),
        ({"week_starts_on": "2026-03-09"}, "/week_starts_on"),
        ({"weight": 80}, "/weight"),
    ],
)
def test_a_week_that_cannot_be_is_refused(someone: Someone, changes: dict[str, Any], pointer: str) -> None:
    someone.responds()
    body = {"patient_id": str(someone.patient_id), "active_days": 3} | changes
    answer = someone.portal().post("/lifestyle-check-ins", body, expect=422).get_json()
    assert pointer in [error["pointer"] for error in answer["errors"]]


def test_lifestyle_never_shortens_or_lengthens(someone: Someone) -> None:
    someone.responds()
    before = someone.plan()
    body = {"patient_id": str(someone.patient_id), "active_days": 0, "restful_nights": 0, "balanced_days": 0}
    someone.portal().post("/lifestyle-check-ins", body, expect=201)
    assert someone.plan() == before


def test_another_patients_week_is_not_found(someone: Someone, newcomer: Any) -> None:
    other = newcomer()
    other.completes()
    body = {"patient_id": str(other.patient_id), "active_days": 3}
    someone.portal("riverside").post("/lifestyle-check-ins", body, expect=404)
    someone.staff("nurse", "lakeview").post("/lifestyle-check-ins", body, expect=404)
    someone.staff("nurse", "lakeview").get(f"/lifestyle-check-ins?patient_id={other.patient_id}", expect=404)
