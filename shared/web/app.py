"""Builds a service's Flask app: one transaction a request, one door, one shape of errors."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from flask_smorest import Api, Blueprint

from shared.observability.http import count_request, start_request
from shared.store.unit_of_work import UnitOfWork
from shared.web import audit_api, docs, health, idempotency
from shared.web.access import access_table
from shared.web.context import DEPS
from shared.web.deps import ServiceDeps
from shared.web.errors import register_errors
from shared.web.guard import MAX_BODY_BYTES, Guard

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_CORRELATION_ID = 128


class ServiceApp(Flask):
    """A Flask app that runs each view inside one unit of work and commits it before the answer leaves.

    Rows, audit entries, outbox and the kept answer of an idempotency key stand or fall together. Reads run in a
    read-only transaction; what they must leave behind (audit entries) is committed in one of its own right after.
    """

    deps: ServiceDeps

    def dispatch_request(self) -> ResponseReturnValue:
        if "actor" not in g:
            return super().dispatch_request()
        reading = request.method in _READING
        with self._unit_of_work(read_only=reading) as uow:
            g.uow = uow
            answer = self._answer_once(uow)
            if answer.status_code >= 400:
                uow.session.rollback()
        self._settle_audit()
        return answer

    def _answer_once(self, uow: UnitOfWork) -> Response:
        key = idempotency.key_of_request()
        if key is None:
            return self.make_response(super().dispatch_request())
        with idempotency.alone(uow, self.deps.service, g.actor, key):
            kept = idempotency.kept_answer(uow, g.actor, key)
            if kept is not None:
                return kept
            answer = self.make_response(super().dispatch_request())
            if answer.status_code < 400:
                idempotency.keep_answer(uow, g.actor, key, answer)
            # committed while the key is still held: whoever comes next finds the answer
            uow.commit()
            return answer

    def _settle_audit(self) -> None:
        if not g.audit_later:
            return
        with self._unit_of_work(read_only=False) as later:
            for enter in g.audit_later:
                enter(later)
        boards: set[object] = self.extensions["afterglow.boards"]
        boards.update(g.boards_opened)

    def _unit_of_work(self, *, read_only: bool) -> UnitOfWork:
        return UnitOfWork(self.deps.engine, actor=g.actor, correlation_id=g.correlation_id, read_only=read_only)


def build_app(deps: ServiceDeps, blueprints: Sequence[Blueprint], *, title: str) -> ServiceApp:
    """The service's app: its blueprints under `/<service>/v1`, with health, metrics, audit and API docs."""
    app = ServiceApp(deps.service, static_folder=None)
    app.deps = deps
    app.extensions[DEPS] = deps
    app.extensions["afterglow.boards"] = set()
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        API_TITLE=title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        PROPAGATE_EXCEPTIONS=False,
    )
    guard = Guard(access_table(deps.service), deps.public_keys)
    app.before_request(_begin)
    app.before_request(guard.check)
    app.after_request(_finish)
    api = Api(app)
    prefix = f"/{deps.service}/v1"
    for blueprint in (*blueprints, audit_api.blueprint()):
        api.register_blueprint(blueprint, url_prefix=prefix)
    app.register_blueprint(health.blueprint(deps))
    app.register_blueprint(docs.blueprint(api, title), url_prefix=prefix)
    register_errors(app)
    return app


def _begin() -> None:
    asked = request.headers.get("X-Correlation-Id", "")
    usable = 0 < len(asked) <= _LONGEST_CORRELATION_ID and asked.isascii() and asked.isprintable()
    g.correlation_id = asked if usable else uuid4().hex
    start_request()
    g.audit_later = []
    g.boards_opened = []
    structlog.contextvars.bind_contextvars(correlation_id=g.correlation_id)


def _finish(response: Response) -> Any:
    response.headers["X-Correlation-Id"] = g.get("correlation_id", "")
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    count_request(response.status_code)
    return response
