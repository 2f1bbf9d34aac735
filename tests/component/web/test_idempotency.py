"""A repeated POST is answered as the first was, and done once."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Response
from sqlalchemy import update

from shared.kernel.clock import machine_now
from shared.kernel.errors import Conflict
from shared.web.idempotency import KEPT_FOR, idempotency_key
from tests.support.tiny_app import Tiny


def keyed(tiny: Tiny, note: str, key: str = "k1", **kwargs: Any) -> Any:
    return tiny.new_cup(note, headers={"Idempotency-Key": key}, **kwargs)


def test_the_same_request_is_done_once_and_answered_twice(tiny: Tiny) -> None:
    first, second = keyed(tiny, "a"), keyed(tiny, "a")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert second.headers["ETag"] == first.headers["ETag"] == '"1"'
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert tiny.cups() == 1
    assert len(tiny.audit_rows()) == 1


def test_a_key_used_for_another_body_is_422_with_a_code_of_its_own(tiny: Tiny) -> None:
    keyed(tiny, "a")
    answer = keyed(tiny, "b")
    assert answer.status_code == 422
    assert answer.get_json()["type"] == "urn:afterglow:problem:idempotency-key-reused"
    assert tiny.cups() == 1


def test_a_key_used_for_another_address_is_422(tiny: Tiny) -> None:
    keyed(tiny, "a")
    assert (
        tiny.call("POST", "/boom", json={"note": "a", "level": 1}, headers={"Idempotency-Key": "k1"}).status_code == 422
    )
    assert keyed(tiny, "a").status_code == 201


def test_a_failure_is_not_kept(tiny: Tiny) -> None:
    tiny.new_cup("a")
    assert keyed(tiny, "a").status_code == 409  # the note is taken
    assert keyed(tiny, "b").status_code == 201  # so the key is still free


@pytest.mark.parametrize("fail", ["raise", "return"])
def test_a_failing_view_leaves_neither_rows_nor_a_kept_answer(tiny: Tiny, fail: str) -> None:
    def boom() -> Any:
        from shared.store import audit
        from shared.web import context

        audit.wrote(context.uow(), "half", at=context.now(), patient_id=None, record_id="x", site_id=None)
        if fail == "raise":
            raise Conflict("no")
        return Response("{}", 409)

    tiny.boom = boom
    for _ in range(2):
        answer = tiny.call("POST", "/boom", json={}, headers={"Idempotency-Key": "k1"})
        assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (409, False)
    assert tiny.audit_rows() == []


def test_two_callers_may_use_the_same_key(tiny: Tiny) -> None:
    assert keyed(tiny, "a", token=tiny.token(subject="nina")).status_code == 201
    answer = keyed(tiny, "b", token=tiny.token(subject="omar"))
    assert (answer.status_code, answer.get_json()["note"]) == (201, "b")


def test_one_portal_backend_never_gets_another_patients_answer(tiny: Tiny) -> None:
    said = iter(["for the first", "for the second"])
    tiny.boom = lambda: {"word": next(said)}
    tokens = [tiny.token("portal", patient=uuid4(), subject="portal-backend") for _ in range(2)]
    answers = [tiny.call("POST", "/boom", token=t, json={}, headers={"Idempotency-Key": "k1"}) for t in tokens]
    assert [answer.get_json()["word"] for answer in answers] == ["for the first", "for the second"]


def test_a_key_still_being_worked_on_is_409(tiny: Tiny) -> None:
    inside, go = threading.Event(), threading.Event()

    def boom() -> dict[str, bool]:
        inside.set()
        assert go.wait(10)
        return {"done": True}

    tiny.boom = boom
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(tiny.call("POST", "/boom", json={}, headers={"Idempotency-Key": "k1"}))
    )
    thread.start()
    assert inside.wait(10)
    tiny.app.deps.engine.dispose()
    from shared.web import idempotency

    with pytest.raises(Conflict) as busy, idempotency.alone(None, "tiny", _nina(tiny), "k1"):  # type: ignore[arg-type]
        pass
    assert busy.value.code == "in-flight"
    go.set()
    thread.join()
    assert answers[0].status_code == 200
    again = tiny.call("POST", "/boom", json={}, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")


def _nina(tiny: Tiny) -> Any:
    return tiny.app.deps.public_keys.actor_of(tiny.token())


@pytest.mark.parametrize(
    ("age", "replayed"),
    [(KEPT_FOR - timedelta(minutes=1), True), (KEPT_FOR + timedelta(seconds=1), False)],
    ids=["just before", "just after"],
)
def test_an_answer_is_kept_for_a_day_of_the_machines_clock(tiny: Tiny, age: timedelta, replayed: bool) -> None:
    keyed(tiny, "a")
    with tiny.engine.begin() as connection:
        connection.execute(update(idempotency_key).values(created_at=machine_now() - age))
    answer = keyed(tiny, "a")
    # forgotten means done anew, and the note is taken by now
    assert answer.status_code == (201 if replayed else 409)


def test_moving_the_demos_clock_keeps_the_answer(tiny: Tiny) -> None:
    keyed(tiny, "a")
    tiny.clock.advance(timedelta(days=90))
    assert keyed(tiny, "a").headers["Idempotency-Replayed"] == "true"


def test_expired_answers_are_swept_away(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.web import idempotency

    keyed(tiny, "a", key="old")
    with tiny.engine.begin() as connection:
        connection.execute(update(idempotency_key).values(created_at=machine_now() - KEPT_FOR - timedelta(hours=1)))
    monkeypatch.setattr(idempotency, "_SWEEP_EVERY", 1.1)
    keyed(tiny, "b", key="new")
    with tiny.engine.connect() as connection:
        assert [row.key for row in connection.execute(idempotency_key.select())] == ["new"]


@pytest.mark.parametrize("key", ["", "a" * 256, "tab\tkey", "käse".encode().decode("latin-1")])
def test_an_unusable_key_is_422(tiny: Tiny, key: str) -> None:
    answer = keyed(tiny, "a", key=key)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/Idempotency-Key"
    assert tiny.cups() == 0


def test_the_longest_key_is_taken(tiny: Tiny) -> None:
    assert keyed(tiny, "a", key="a" * 255).status_code == 201


def test_a_key_on_a_read_means_nothing(tiny: Tiny) -> None:
    for _ in range(2):
        answer = tiny.call("GET", "/cups", headers={"Idempotency-Key": "k1"})
        assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (200, False)
