"""A change at one desk stands on the others' boards: sent once drawn, once, and again to who was away."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

import pytest

from shared.kernel.people import Role
from shared.store.unit_of_work import UnitOfWork
from shared.web.pages import live
from shared.web.pages.live import Board, Hub, Viewer
from tests.component.intake.conftest import Clinic
from tests.support.desk import Desk
from tests.support.house import House

_VIEWER = Viewer("riverside", frozenset({Role.FRONT_DESK}))


class Watcher:
    """Reads one open stream, event by event."""

    def __init__(self, stream: Iterator[bytes]) -> None:
        self._stream = stream

    def board(self) -> tuple[str, dict[str, Any]]:
        """The next board event: its id, and what it says."""
        for chunk in self._stream:
            lines = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n") if ": " in line)
            if lines.get("event") == "board":
                return lines["id"], json.loads(lines["data"])
        raise AssertionError("the stream ended")


def watching(house: House, path: str = "/intake/today/live", **kwargs: Any) -> Watcher:
    answer = Desk(house, "intake")._client.get(path, buffered=False, **kwargs)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    return Watcher(iter(answer.response))


@pytest.fixture
def clinic(house: House) -> Clinic:
    return Clinic(house)


@pytest.fixture(autouse=True)
def no_stream_outlives_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    live.end_streams_when(lambda: False)


def test_an_open_board_is_told_of_another_desks_act(clinic: Clinic) -> None:
    session = clinic.books()
    row = f"row-{session['session_id']}"
    watcher = watching(clinic.house)
    _, whole = watcher.board()
    assert "Booked" in whole["parts"][row]
    clinic.act(session, "check-in")
    _, change = watcher.board()
    assert "Arrived" in change["parts"][row]
    assert change["acted"] is True
    assert row in change["order"]["group-before"]
    assert set(change["parts"]) == {row, "counts"}


def test_who_was_away_gets_only_what_was_missed(clinic: Clinic) -> None:
    first, second = clinic.books(), clinic.books(chair_id="r2")
    watcher = watching(clinic.house)
    seen, _ = watcher.board()
    clinic.act(first, "check-in")
    watcher.board()
    clinic.act(second, "check-in")
    watcher.board()
    again = watching(clinic.house, headers={"Last-Event-ID": seen})
    assert f"row-{first['session_id']}" in again.board()[1]["parts"]
    _, last = again.board()
    assert f"row-{second['session_id']}" in last["parts"]
    assert f"row-{first['session_id']}" not in last["parts"]


@pytest.mark.parametrize("mark", ["", "nonsense", "00000000:1", "x:y:z"])
def test_a_mark_that_says_nothing_gets_the_whole_board(clinic: Clinic, mark: str) -> None:
    session = clinic.books()
    _, whole = watching(clinic.house, f"/intake/today/live?after={mark}").board()
    assert f"row-{session['session_id']}" in whole["parts"]


def test_another_sites_act_moves_nothing(clinic: Clinic) -> None:
    elsewhere = Clinic(clinic.house)
    elsewhere.desk = elsewhere.staff("front_desk", "harbor")
    drawn: list[str] = []
    hub = Hub(clinic.house.service("intake").app, clinic.house.service("intake").deps)
    stream = _stream(hub, lambda _u, viewer, _n: _drawn(drawn, viewer))
    next(stream), next(stream)
    before = len(drawn)
    elsewhere.course(site_id="harbor")
    time.sleep(0.8)  # three looks of the hub
    assert len(drawn) == before
    stream.close()


def test_many_watchers_cost_one_drawing(clinic: Clinic) -> None:
    drawn: list[str] = []
    hub = Hub(clinic.house.service("intake").app, clinic.house.service("intake").deps)
    streams = [_stream(hub, lambda _u, viewer, _n: _drawn(drawn, viewer)) for _ in range(20)]
    for stream in streams:
        next(stream), next(stream)
    assert len(drawn) <= 2
    for stream in streams:
        stream.close()


def test_a_stream_ends_when_the_server_leaves(clinic: Clinic) -> None:
    hub = Hub(clinic.house.service("intake").app, clinic.house.service("intake").deps)
    stream = _stream(hub, lambda _u, _v, _n: Board({}))
    next(stream)
    live.end_streams_when(lambda: True)
    assert len(list(stream)) <= 2


def test_a_full_house_answers_and_leaves_threads_for_the_rest(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_SEATS", BoundedSemaphore(1))
    hub = Hub(clinic.house.service("intake").app, clinic.house.service("intake").deps)
    first, second = (_stream(hub, lambda _u, _v, _n: Board({})) for _ in range(2))
    next(first)
    assert list(second) == ["retry: 10000\n\n"]
    first.close()
    third = _stream(hub, lambda _u, _v, _n: Board({}))
    assert next(third) == "retry: 1000\n\n"
    third.close()


def _stream(hub: Hub, draw: Callable[[UnitOfWork, Viewer, datetime], Board]) -> Iterator[str]:
    return hub._events("test", _VIEWER, draw, "")


def _drawn(drawn: list[str], viewer: Viewer) -> Board:
    drawn.append(viewer.site_id)
    return Board({"row": f"<p id='row'>{len(drawn)}</p>"})
