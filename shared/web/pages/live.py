"""Live boards: what changed at one desk stands on every other desk's screen within a second.

A board is named parts (element id → its HTML) in ordered lists (container id → ids). One thread a process looks, four
times a second, at which sites somebody wrote something for (every change of a chart makes an audit entry), draws each
watched board of those sites once, and sends the parts that differ to all who watch it. Every few seconds it draws
the others too, since time alone changes what a board says. So fifty open boards cost one drawing and fifty sends; a
browser that lost the line shows how old its board is, and gets what it missed when it is back.
"""

import json
import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import BoundedSemaphore, Condition, Event, Lock, Thread

from flask import Flask, Response, current_app, request
from sqlalchemy import select

from shared.kernel.clock import monotonic
from shared.kernel.ids import new_id
from shared.kernel.people import Actor
from shared.observability.logging import get_logger
from shared.store.audit import Access, audit_entry
from shared.store.unit_of_work import UnitOfWork
from shared.web.deps import ServiceDeps
from shared.web.pages.csrf import signed
from shared.web.pages.words import clock, day

_log = get_logger(__name__)

EXTENSION = "afterglow.live"
_LOOK_SECONDS = 0.25
_DRAW_ANYWAY_SECONDS = 5.0
_ENDS_AFTER_SECONDS = 60.0
_BEAT_SECONDS = 10.0
_FORGET_AFTER_SECONDS = 180.0
_REMEMBERED = 200
# each stream holds one of the server's 64 threads: some are left for everything else
_SEATS = BoundedSemaphore(56)
_FULL_RETRY_MILLISECONDS = 10_000
# entries can become visible in another order than that of their numbers: look back a little further each time
_LOOK_BACK = 100


@dataclass(frozen=True, slots=True)
class Board:
    """`parts`: element id → that element's whole HTML; `order`: container id → ids of its children, in order."""

    parts: Mapping[str, str]
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def on_page(self) -> "Board":
        """As this request's reader gets it: their own secret in its forms. What is pushed later goes by script."""
        return Board({name: signed(html) for name, html in self.parts.items()}, self.order)


@dataclass(frozen=True, slots=True)
class Viewer:
    """All that two desks must share to be sent the same board."""

    site_id: str
    roles: frozenset[str]
    choice: str = ""

    @classmethod
    def of(cls, actor: Actor, site_id: str, choice: str = "") -> "Viewer":
        return cls(site_id, frozenset(actor.roles), choice)


Draw = Callable[[UnitOfWork, Viewer, datetime], Board]
_never = Event()


class _Watched:
    """One board as all its watchers see it: what it says now, and the last changes by number."""

    def __init__(self, draw: Draw, viewer: Viewer) -> None:
        self.draw, self.viewer = draw, viewer
        self.epoch = new_id().hex[:8]
        self.number = 0
        self.board: Board | None = None
        self.changes: deque[tuple[int, str]] = deque(maxlen=_REMEMBERED)
        self.changed = Condition()
        self.watchers = 0
        self.left_at = monotonic()
        self.drawn_at = -math.inf

    def take(self, board: Board, stamp: str, *, acted: bool) -> None:
        """`acted`: somebody did something, and it isn't only time that went by."""
        with self.changed:
            before = self.board
            self.board, self.drawn_at = board, monotonic()
            if before is not None and before != board:
                parts = {name: html for name, html in board.parts.items() if before.parts.get(name) != html}
                self.number += 1
                self.changes.append((self.number, _told(stamp, parts, board, acted=acted)))
            self.changed.notify_all()

    def since(self, number: int | None, stamp: str) -> list[str]:
        """What changed after `number`; everything when that is unknown or too long ago. Call it holding `changed`."""
        oldest = self.changes[0][0] if self.changes else self.number + 1
        if self.board is not None and (number is None or number + 1 < oldest or number > self.number):
            return [_told(stamp, self.board.parts, self.board, acted=False)]
        return [change for at, change in self.changes if number is not None and at > number]


def _told(stamp: str, parts: Mapping[str, str], board: Board, *, acted: bool) -> str:
    return json.dumps({"stamp": stamp, "parts": dict(parts), "order": dict(board.order), "acted": acted})


class Hub:
    """The boards that somebody watches in this process."""

    def __init__(self, app: Flask, deps: ServiceDeps) -> None:
        self._app, self._deps = app, deps
        self._watched: dict[tuple[str, Viewer], _Watched] = {}
        self._lock = Lock()
        self._thread: Thread | None = None

    def mark(self, name: str, viewer: Viewer) -> str:
        """Where the board's changes stand now, for a page that is being drawn; empty when nobody watches it yet."""
        found = self._watched.get((name, viewer))
        return "" if found is None or found.board is None else f"{found.epoch}:{found.number}"

    def stream(self, name: str, viewer: Viewer, draw: Draw) -> Response:
        """Server-sent events of one board, ended after a minute so that the sign-in is looked at again."""
        after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
        answer = Response(self._events(name, viewer, draw, after), mimetype="text/event-stream")
        answer.headers["X-Accel-Buffering"] = "no"
        return answer

    def _events(self, name: str, viewer: Viewer, draw: Draw, after: str) -> Iterator[str]:
        if not _SEATS.acquire(blocking=False):
            yield f"retry: {_FULL_RETRY_MILLISECONDS}\n\n"  # the page reads itself again meanwhile, every few seconds
            return
        try:
            yield from self._told(self._join(name, viewer, draw), viewer, after)
        finally:
            _SEATS.release()

    def _told(self, watched: _Watched, viewer: Viewer, after: str) -> Iterator[str]:
        epoch, _, number = after.partition(":")
        seen = int(number) if epoch == watched.epoch and number.isdigit() else None
        ends_at, beat_at = monotonic() + _ENDS_AFTER_SECONDS, monotonic()
        try:
            yield "retry: 1000\n\n"
            while monotonic() < ends_at and serving():
                with watched.changed:
                    if watched.board is None or seen == watched.number:
                        watched.changed.wait(timeout=1.0)
                    news = [] if watched.board is None else watched.since(seen, self._stamp(viewer))
                    seen = seen if watched.board is None else watched.number
                for change in news:
                    yield f"event: board\nid: {watched.epoch}:{seen}\ndata: {change}\n\n"
                if monotonic() >= beat_at:
                    beat_at = monotonic() + _BEAT_SECONDS
                    yield f"event: beat\ndata: {self._stamp(viewer)}\n\n"
        finally:
            with self._lock:
                watched.watchers -= 1
                watched.left_at = monotonic()

    def _join(self, name: str, viewer: Viewer, draw: Draw) -> _Watched:
        with self._lock:
            watched = self._watched.setdefault((name, viewer), _Watched(draw, viewer))
            watched.watchers += 1
            if self._thread is None:
                self._thread = Thread(target=self._run, name="live-boards", daemon=True)
                self._thread.start()
            return watched

    def _run(self) -> None:
        seen, latest = set[int](), self._latest()
        while True:
            began = monotonic()
            with self._lock:
                self._forget()
                if not self._watched:
                    self._thread = None
                    return
                watched = list(self._watched.values())
            try:
                written, latest = self._written(seen, latest)
                for one in watched:
                    acted = one.viewer.site_id in written or None in written
                    if one.watchers and (acted or began - one.drawn_at >= _DRAW_ANYWAY_SECONDS):
                        self._draw(one, acted=acted)
            except Exception as error:
                _log.warning("live boards can't be drawn", error=type(error).__name__)
            _never.wait(max(0.0, _LOOK_SECONDS - (monotonic() - began)))

    def _draw(self, watched: _Watched, *, acted: bool) -> None:
        now = self._deps.clock.now()
        with self._app.app_context(), self._unit_of_work() as uow:
            board = watched.draw(uow, watched.viewer, now)
        watched.take(board, self._stamp(watched.viewer), acted=acted)

    def _written(self, seen: set[int], latest: int) -> tuple[set[str | None], int]:
        """The sites that charts were written for since the last look; None stands for all of them."""
        query = select(audit_entry.c.audit_id, audit_entry.c.site_id, audit_entry.c.access).where(
            audit_entry.c.audit_id > latest - _LOOK_BACK
        )
        with self._unit_of_work() as uow:
            rows = uow.session.execute(query).all()
        fresh = [row for row in rows if row.audit_id not in seen]
        seen.clear()
        seen.update(row.audit_id for row in rows)
        return {row.site_id for row in fresh if row.access is Access.WRITE}, max(
            (row.audit_id for row in rows), default=latest
        )

    def _latest(self) -> int:
        with self._unit_of_work() as uow:
            query = select(audit_entry.c.audit_id).order_by(audit_entry.c.audit_id.desc()).limit(1)
            return uow.session.execute(query).scalar_one_or_none() or 0

    def _forget(self) -> None:
        for key, watched in list(self._watched.items()):
            if not watched.watchers and monotonic() - watched.left_at > _FORGET_AFTER_SECONDS:
                del self._watched[key]

    def _unit_of_work(self) -> UnitOfWork:
        actor = Actor(subject="service:live", name="live", roles=frozenset(), sites=frozenset())
        return UnitOfWork(self._deps.engine, actor=actor, correlation_id="live", read_only=True)

    def _stamp(self, viewer: Viewer) -> str:
        """The site's wall clock, as the page's corner shows it."""
        now, zone = self._deps.clock.now(), self._deps.sites[viewer.site_id].zone
        return f"{day(now, zone)}, {clock(now, zone)}"


_server_leaves: Callable[[], bool] = lambda: False  # noqa: E731 - replaced whole by the server


def end_streams_when(leaves: Callable[[], bool]) -> None:
    """The server's word on whether it is leaving: open streams would keep it for up to a minute."""
    global _server_leaves
    _server_leaves = leaves


def serving() -> bool:
    return not _server_leaves()


def hub() -> Hub:
    found: Hub = current_app.extensions[EXTENSION]
    return found
