"""What callers see when something fails: the right problem, nothing written, nothing of anybody's in it."""

import json
import sqlite3
import threading
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    TimeoutError,
)
from sqlalchemy.orm.exc import StaleDataError

from shared.kernel.decision import Decision, Reason
from shared.kernel.errors import FieldError, Invalid, Refused
from shared.store import audit
from shared.web import context
from tests.support.tiny_app import Tiny

SECRET = "Jane Doe cried"


def raising(error: Exception) -> Any:
    def boom() -> Any:
        audit.wrote(context.uow(), "half", at=context.now(), patient_id=None, record_id="x", site_id=None)
        raise error

    return boom


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError("SELECT", {}, Exception(SECRET)), 503, "unavailable"),
        (InterfaceError("SELECT", {}, Exception(SECRET)), 503, "unavailable"),
        (DBAPIError("SELECT", {}, Exception(SECRET), connection_invalidated=True), 503, "unavailable"),
        (TimeoutError(SECRET), 503, "unavailable"),
        (IntegrityError("INSERT", {}, Exception(SECRET)), 409, "conflict"),
        (StaleDataError(SECRET), 409, "conflict"),
        (DataError("INSERT", {}, Exception(SECRET)), 422, "invalid"),
        (ProgrammingError("SELECT", {}, Exception(SECRET)), 500, "internal"),
        (DBAPIError("SELECT", {}, Exception(SECRET)), 500, "internal"),
        (ValueError(SECRET), 500, "internal"),
        (KeyError(SECRET), 500, "internal"),
        (RecursionError(SECRET), 500, "internal"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_failure_has_its_problem_and_leaves_nothing(
    tiny: Tiny, capfd: pytest.CaptureFixture[str], error: Exception, status: int, code: str
) -> None:
    tiny.boom = raising(error)
    answer = tiny.call("POST", "/boom", json={})
    body = answer.get_json(force=True)
    assert (answer.status_code, body["type"]) == (status, f"urn:afterglow:problem:{code}")
    assert ("Retry-After" in answer.headers) is (status == 503)
    assert tiny.audit_rows() == []
    printed = capfd.readouterr()
    assert "Jane" not in json.dumps(body) + printed.out + printed.err


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("keyed", [False, True], ids=["plain", "with a key"])
def test_a_commit_that_fails_never_answers_2xx(tiny: Tiny, method: str, keyed: bool) -> None:
    cup = tiny.new_cup("first").get_json()["cup_id"]

    def break_commit(_: object) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    event.listen(tiny.app.deps.engine, "commit", break_commit)
    headers = {"If-Match": '"1"'} | ({"Idempotency-Key": "k"} if keyed else {})
    if method == "POST":
        answer = tiny.new_cup("second", headers=headers)
    else:
        answer = tiny.call("PUT", f"/cups/{cup}/level", json={"level": 9}, headers=headers)
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Retry-After"]
    event.remove(tiny.app.deps.engine, "commit", break_commit)
    assert tiny.cups() == 1
    assert tiny.call("GET", f"/cups/{cup}").get_json()["level"] == 1
    assert tiny.new_cup("second", headers=headers).status_code == 201  # and nothing was kept under the key


def test_a_flush_that_only_fails_at_commit_is_a_conflict(tiny: Tiny) -> None:
    tiny.new_cup("a")

    def boom() -> Any:
        from tests.support.tiny_app import CupRow

        context.uow().session.add(
            CupRow(cup_id=uuid4(), patient_id=uuid4(), site_id="riverside", note="a", level=1, updated_at=context.now())
        )
        return {"ok": True}  # nothing has reached the store yet

    tiny.boom = boom
    assert tiny.call("POST", "/boom", json={}).status_code == 409
    assert tiny.cups() == 1


def test_a_read_whose_audit_entry_cant_be_written_is_not_answered(tiny: Tiny) -> None:
    cup = tiny.new_cup("a").get_json()["cup_id"]
    with tiny.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_entry RENAME TO away")
    answer = tiny.call("GET", f"/cups/{cup}")
    assert answer.status_code == 503
    assert "note" not in answer.get_json(force=True)


def test_a_database_that_is_away_is_503_with_retry_after(tiny: Tiny) -> None:
    for path in tiny.folder.glob("tiny.db*"):
        path.unlink()
    tiny.app.deps.engine.dispose()
    for answer in (tiny.call("GET", "/cups"), tiny.new_cup("a")):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0


def test_two_who_change_one_record_at_once_get_one_success(tiny: Tiny) -> None:
    cup = tiny.new_cup("a").get_json()["cup_id"]
    barrier = threading.Barrier(4)
    answers: list[int] = []

    def change(level: int) -> None:
        barrier.wait(10)
        answer = tiny.call("PUT", f"/cups/{cup}/level", json={"level": level}, headers={"If-Match": '"1"'})
        answers.append(answer.status_code)

    # none of them is the level it has: a change to what already stands is none, and grows no version
    threads = [threading.Thread(target=change, args=(level,)) for level in range(2, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412, 412, 412]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/level", "/note"]),
        ({"note": "a", "level": 11}, ["/level"]),
        ({"note": "a", "level": -1}, ["/level"]),
        ({"note": "a", "level": "1"}, ["/level"]),
        ({"note": "a", "level": 1.5}, ["/level"]),
        ({"note": "a", "level": 1.0}, ["/level"]),
        ({"note": "a", "level": True}, ["/level"]),
        ({"note": "a", "level": None}, ["/level"]),
        ({"note": "a", "level": 10**30}, ["/level"]),
        ({"note": "a", "level": [1]}, ["/level"]),
        ({"note": " ", "level": 1}, ["/note"]),
        ({"note": "a" * 21, "level": 1}, ["/note"]),
        ({"note": 7, "level": 1}, ["/note"]),
        ({"note": "a", "level": 1, "extra": 1}, ["/extra"]),
        ({"note": "a", "level": 1, "a/b~c": 1}, ["/a~1b~0c"]),
        ({"note": "a", "level": 1, "spoon": {"grade": 4}}, ["/spoon/grade"]),
        ({"note": "a", "level": 1, "spoon": {}}, ["/spoon/grade"]),
        ({"note": "a", "level": 1, "spoon": []}, ["/spoon"]),
        ({"note": "a", "level": 1, "spoons": [{"grade": 1}, {"grade": 9}]}, ["/spoons/1/grade"]),
        ({"note": "a", "level": 1, "spoons": [{"grade": 1, "x": 1}, 3]}, ["/spoons/0/x", "/spoons/1"]),
        ({"note": "a", "level": 1, "spoons": {"grade": 1}}, ["/spoons"]),
        ({"note": "a", "level": 1, "filled_at": "2026-03-02T10:00:00"}, ["/filled_at"]),
        ({"note": "a", "level": 1, "filled_at": 5}, ["/filled_at"]),
        ({"note": "a", "level": 1, "filled_at": "0001-01-01T00:00:00Z"}, ["/filled_at"]),
        ({"note": "a", "level": 1, "filled_at": "9999-12-31T23:59:59Z"}, ["/filled_at"]),
    ],
)
def test_wrong_fields_are_named_by_json_pointer(tiny: Tiny, body: dict[str, Any], pointers: list[str]) -> None:
    answer = tiny.call("POST", "/cups", json=body)
    assert answer.status_code == 422, answer.get_json(force=True)
    assert sorted(error["pointer"] for error in answer.get_json(force=True)["errors"]) == pointers
    assert all(error["detail"] for error in answer.get_json(force=True)["errors"])
    assert tiny.cups() == 0


def test_a_use_cases_own_field_errors_look_the_same(tiny: Tiny) -> None:
    tiny.boom = raising(Invalid(FieldError("/observed_at", "Must not be ahead of now.")))
    body = tiny.call("POST", "/boom", json={}).get_json(force=True)
    assert body["errors"] == [{"pointer": "/observed_at", "detail": "Must not be ahead of now."}]


def test_a_refusal_lists_its_reasons_with_whole_seconds_rounded_up(tiny: Tiny) -> None:
    from datetime import timedelta

    reasons = (Reason("gait", "Not steady yet."), Reason("monitoring-time", "Wait.", timedelta(seconds=60.2)))
    tiny.boom = raising(Refused("Not yet.", code="release-refused", decision=Decision(reasons)))
    answer = tiny.call("POST", "/boom", json={})
    assert answer.status_code == 409
    assert [r["remaining_seconds"] for r in answer.get_json(force=True)["reasons"]] == [None, 61]
