"""`/livez` (the process answers), `/readyz` (it can do its work, check by check), `/metrics`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.store.engine import READ_ONLY
from shared.web.deps import ServiceDeps


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a process needs, whether it has it, and a sentence when it hasn't."""

    name: str
    ok: bool
    message: str = ""


def service_checks(deps: ServiceDeps) -> list[Check]:
    """What a `serve` process needs: its database and intake's public keys. The event log isn't needed to serve."""
    return [_database(deps), _keys(deps)]


def health_answer(checks: Sequence[Check]) -> tuple[Response, int]:
    ok = all(check.ok for check in checks)
    body = {
        "status": "ready" if ok else "not-ready",
        "checks": [{"name": c.name, "ok": c.ok, "message": c.message} for c in checks],
    }
    return jsonify(body), 200 if ok else 503


def blueprint(deps: ServiceDeps, checks: Callable[[], Sequence[Check]] | None = None) -> Blueprint:
    """`checks` replaces the serving checks where a process does other work (the worker's port)."""
    made = Blueprint("health", __name__)
    look = checks or (lambda: service_checks(deps))

    @made.get("/livez")
    def livez() -> Response:
        return jsonify({"status": "alive"})

    @made.get("/readyz")
    def readyz() -> tuple[Response, int]:
        return health_answer(look())

    @made.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    return made


def _database(deps: ServiceDeps) -> Check:
    name = f"{deps.service}-database"
    try:
        # read-only, so that a probe never waits for SQLite's one writer
        with deps.engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            connection.execute(text("SELECT 1 FROM audit_entry WHERE 1 = 0"))
    except SQLAlchemyError as error:
        return Check(name, False, f"The database can’t be used ({type(error).__name__}); is it up and migrated?")
    return Check(name, True)


def _keys(deps: ServiceDeps) -> Check:
    if deps.public_keys.available():
        return Check("public-keys", True)
    return Check("public-keys", False, "Intake’s public keys can’t be reached; see AFTERGLOW_PUBLIC_KEYS.")
