"""The worker's own small app: `/livez`, `/readyz`, `/metrics`; nothing of the API."""

from flask import Flask

from shared.messaging.worker import Worker
from shared.web import health
from shared.web.deps import ServiceDeps


def work_app(deps: ServiceDeps, worker: Worker) -> Flask:
    app = Flask(f"{deps.service}-work", static_folder=None)

    def checks() -> list[health.Check]:
        return [health.Check(name, ok, message) for name, ok, message in worker.readiness()]

    app.register_blueprint(health.blueprint(deps, checks))
    return app
