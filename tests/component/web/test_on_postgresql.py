"""What only a real PostgreSQL can show: two processes with one idempotency key, and a server that goes away."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from shared.kernel.ids import new_id
from tests.support.containers import postgres_url  # noqa: F401 - a fixture
from tests.support.tiny_app import Tiny

pytestmark = pytest.mark.docker


@pytest.fixture
def tiny(tmp_path: Path, postgres_url: str) -> Iterator[Tiny]:  # noqa: F811 - the fixture that was imported
    name = f"tiny_{new_id().hex[:12]}"
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    built = Tiny(tmp_path, url=make_url(postgres_url).set(database=name).render_as_string(hide_password=False))
    yield built
    built.close()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def test_one_key_in_two_processes_at_once_is_done_once(tiny: Tiny) -> None:
    inside, go = threading.Event(), threading.Event()
    done: list[str] = []

    def slow() -> dict[str, bool]:
        done.append("once")
        inside.set()
        assert go.wait(20)
        return {"done": True}

    tiny.boom = slow
    other = tiny.another_app()
    answers: list[Any] = []

    def ask() -> None:
        answers.append(tiny.call("POST", "/boom", json={}, headers={"Idempotency-Key": "k1"}))

    thread = threading.Thread(target=ask)
    thread.start()
    assert inside.wait(20)
    # the two apps share this test's memory, as two processes wouldn't: only the advisory lock may tell them apart
    from shared.web import idempotency

    idempotency._in_flight.clear()
    meanwhile = tiny.call("POST", "/boom", json={}, headers={"Idempotency-Key": "k1"}, app=other)
    assert meanwhile.status_code == 409
    assert meanwhile.get_json(force=True)["type"] == "urn:afterglow:problem:in-flight"
    go.set()
    thread.join()
    after = tiny.call("POST", "/boom", json={}, headers={"Idempotency-Key": "k1"}, app=other)
    other.deps.engine.dispose()
    assert (answers[0].status_code, after.status_code, after.headers["Idempotency-Replayed"]) == (200, 200, "true")
    assert done == ["once"]


def test_many_at_once_make_one_cup(tiny: Tiny) -> None:
    barrier, statuses = threading.Barrier(8), []

    def ask() -> None:
        barrier.wait(20)
        statuses.append(tiny.new_cup("a", headers={"Idempotency-Key": "k1"}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert tiny.cups() == 1


def test_a_server_that_drops_the_connection_in_mid_flight_is_503_and_nothing_is_written(tiny: Tiny) -> None:
    def boom() -> dict[str, bool]:
        from shared.web import context

        session = context.uow().session
        victim = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with tiny.engine.connect() as killer:
            killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": victim})
        return {"ok": True}  # the commit finds nobody

    tiny.boom = boom
    answer = tiny.call("POST", "/boom", json={}, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    tiny.boom = lambda: {"ok": True}
    again = tiny.call("POST", "/boom", json={}, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, "Idempotency-Replayed" in again.headers) == (200, False)


def test_a_server_that_nobody_listens_on_is_503(tiny: Tiny, tmp_path: Path) -> None:
    tiny.url = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    away = tiny.another_app()
    answer = tiny.new_cup("a", app=away)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize("note", ["a" * 20, "é" * 20, "😀" * 20])
def test_texts_of_the_longest_length_are_kept_whole(tiny: Tiny, note: str) -> None:
    made = tiny.new_cup(note)
    assert made.get_json()["note"] == note


def test_a_board_is_one_row_across_processes(tiny: Tiny) -> None:
    apps = [tiny.app, tiny.another_app(), tiny.another_app()]
    threads = [threading.Thread(target=lambda app=app: tiny.call("GET", "/cups", app=app)) for app in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for app in apps[1:]:
        app.deps.engine.dispose()
    assert [row["action"] for row in tiny.audit_rows()] == ["cups-opened"]
