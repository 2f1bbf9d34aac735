"""Builds a service's Flask app: one transaction a request, one door, one shape of errors."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import flask
from flask import Flask, Response, g, request
from flask.ctx import _AppCtxGlobals
from flask.typing import ResponseReturnValue
from flask_smorest import Api, Blueprint

from shared.observability.http import begin_request, end_request
from shared.observability.tracing import continue_trace
from shared.store.unit_of_work import UnitOfWork
from shared.web import audit_api, docs, health, idempotency
from shared.web.access import access_table
from shared.web.context import DEPS, OPENED_BOARDS
from shared.web.deps import ServiceDeps
from shared.web.errors import register_errors
from shared.web.guard import Guard
from shared.web.page_access import page_table
from shared.web.pages import audit_entries, live, page, written
from shared.web.reading import MAX_BODY_BYTES

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
# an id, never words: it goes into logs, audit rows and events
_CORRELATION_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_BOARDS_REMEMBERED = 10_000


class ServiceApp(Flask):
    """A Flask app that runs each view inside one unit of work and commits it before the answer leaves.

    Rows, audit entries, outbox and the kept answer of an idempotency key stand or fall together. Reads run in a
    read-only transaction; what they must leave behind (audit entries) is committed in one of its own right after.
    An answer of 400 and above, returned or raised, leaves nothing behind.
    """

    deps: ServiceDeps

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view of ours is a coroutine; Flask would look at each function again with every request."""
        return func

    def dispatch_request(self) -> ResponseReturnValue:
        """The view's answer, given only once what it says is on disk: a commit that fails is an error like another."""
        if "actor" not in g:
            return super().dispatch_request()
        return self._read() if request.method in _READING else self._write()

    def _read(self) -> Response:
        with self._unit_of_work(read_only=True) as uow:
            answer = self._view(uow)
        if answer.status_code < 400 and g.audit_later:
            with self._unit_of_work(read_only=False) as later:
                _enter_audit(later)
            _remember_boards(self.extensions[OPENED_BOARDS])
        return answer

    def _write(self) -> Response:
        with self._unit_of_work(read_only=False) as uow:
            key = idempotency.key_of_request()
            if key is None:
                return self._change(uow)
            with idempotency.alone(uow, self.deps.service, g.actor, key):
                kept = idempotency.kept_answer(uow, g.actor, key)
                if kept is not None:
                    return kept
                answer = self._change(uow)
                if answer.status_code < 400:
                    idempotency.keep_answer(uow, g.actor, key, answer)
                # committed while the key is still held: whoever comes next finds the answer
                uow.commit()
                return answer

    def _change(self, uow: UnitOfWork) -> Response:
        answer = self._view(uow)
        if answer.status_code < 400:
            _enter_audit(uow)
        else:
            uow.rollback()
        return answer

    def _view(self, uow: UnitOfWork) -> Response:
        g.uow = uow
        return self.make_response(super().dispatch_request())

    def _unit_of_work(self, *, read_only: bool) -> UnitOfWork:
        return UnitOfWork(
            self.deps.engine,
            actor=g.actor,
            correlation_id=g.correlation_id,
            traceparent=g.traceparent,
            read_only=read_only,
        )


def build_app(
    deps: ServiceDeps, blueprints: Sequence[Blueprint], *, title: str, pages: Sequence[flask.Blueprint] = ()
) -> ServiceApp:
    """The service's app: its API under `/<service>/v1`, its pages under `/<service>`, health, metrics, audit, docs."""
    app = ServiceApp(deps.service, static_folder=None, template_folder=str(page.TEMPLATES))
    app.deps = deps
    app.extensions[DEPS] = deps
    app.extensions[OPENED_BOARDS] = set()
    app.url_map.merge_slashes = False  # an address with two slashes is another address, not a redirect
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        API_TITLE=title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        PROPAGATE_EXCEPTIONS=False,
    )
    guard = Guard(access_table(deps.service) | page_table(deps.service), deps.public_keys)
    app.before_request(_begin)
    app.before_request(guard.check)
    app.after_request(_finish)
    api = Api(app)
    prefix = f"/{deps.service}/v1"
    for blueprint in (*blueprints, audit_api.blueprint()):
        api.register_blueprint(blueprint, url_prefix=prefix)
    page.install(app, deps.service)
    app.extensions[live.EXTENSION] = live.Hub(app, deps)
    for blueprint in (*pages, audit_entries.blueprint(), written.blueprint()):
        app.register_blueprint(blueprint, url_prefix=f"/{deps.service}")
    app.register_blueprint(health.blueprint(deps))
    app.register_blueprint(docs.blueprint(api, title), url_prefix=prefix)
    register_errors(app)
    return app


def _enter_audit(uow: UnitOfWork) -> None:
    for enter in g.audit_later:
        enter(uow)


def _remember_boards(opened: set[object]) -> None:
    if len(opened) > _BOARDS_REMEMBERED:
        opened.clear()  # the store's own constraint still keeps each to one row
    opened.update(g.boards_opened)


def _begin() -> None:
    sent = request.headers
    asked = sent.get("X-Correlation-Id", "")
    correlation_id = asked if _CORRELATION_ID.fullmatch(asked) else uuid4().hex
    traceparent = continue_trace(sent.get("traceparent"))
    # not through its proxy, which looks for the request anew each time
    here: _AppCtxGlobals = g._get_current_object()
    here.correlation_id = correlation_id
    here.traceparent = traceparent
    here.audit_later = []
    here.boards_opened = []
    begin_request(correlation_id, traceparent)


def _finish(response: Response) -> Response:
    response.headers["X-Correlation-Id"] = g.get("correlation_id", "")
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response = page.finish(response)
    end_request(response.status_code)
    return response
