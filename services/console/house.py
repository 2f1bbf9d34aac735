"""All four services in one process and under one URL, with their workers as threads."""

import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.wrappers import Request, Response

from shared.kernel.clock import DemoClock
from shared.launch.platform import Platform, open_platform
from shared.launch.service import Service
from shared.messaging.provision import provision
from shared.messaging.worker import Worker
from shared.store.engine import open_engine
from shared.store.migrate import upgrade
from shared.web.app import ServiceApp
from shared.web.health import Check, service_checks

SERVICE_NAMES = ("intake", "discharge", "integration", "maintenance")
_BEAT_SECONDS = 1.0
_TOPICS_WITHIN_SECONDS = 5.0

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def service(name: str) -> Service:
    found: Service = importlib.import_module(f"services.{name}.__main__").SERVICE
    return found


def migrate_all(environ: Mapping[str, str]) -> None:
    for name in SERVICE_NAMES:
        settings = service(name).settings.from_env(name, environ)
        engine = open_engine(settings.database_url)
        upgrade(engine, name)
        engine.dispose()


@dataclass
class House:
    """The four apps and workers of one process, sharing one clock, one set of sites and keys, one event log.

    `seeding` is true while the demo's morning is being made; the house isn't ready until it is.
    """

    platform: Platform
    apps: Mapping[str, ServiceApp]
    workers: Mapping[str, Worker]
    seeding: bool = False

    @classmethod
    def open(cls, environ: Mapping[str, str]) -> "House":
        """Wire all four from `environ` (AFTERGLOW_*); raises BadSettings."""
        settings = {name: service(name).settings.from_env(name, environ) for name in SERVICE_NAMES}
        platform = open_platform(settings["intake"])
        apps, workers = {}, {}
        for name in SERVICE_NAMES:
            deps = service(name).wire(settings[name], platform)
            apps[name] = service(name).create_app(deps)
            workers[name] = service(name).build_worker(deps, platform)
        return cls(platform, apps, workers)

    def start_workers(self, stop: Event) -> list[Thread]:
        """Run the workers, and the demo clock's heartbeat, until `stop` is set."""
        threads = [Thread(target=w.run, args=(stop,), name=f"work-{n}", daemon=True) for n, w in self.workers.items()]
        # a consumer that joins before its topics are there is given none of them for a long while
        if not provision(self.platform.log, wait_seconds=_TOPICS_WITHIN_SECONDS):
            # by and by: a broker that is away at start must not keep the house from opening
            threads.append(Thread(target=provision, args=(self.platform.log,), kwargs={"stop": stop}, daemon=True))
        clock = self.platform.clock
        if isinstance(clock, DemoClock):
            threads.append(Thread(target=_beat, args=(clock, stop), name="clock", daemon=True))
        for thread in threads:
            thread.start()
        return threads

    def checks(self) -> Iterator[Check]:
        if self.seeding:  # whoever waits asks often, and the other checks would only take time from the sowing
            yield Check("demo", False, "The demo's morning is being made.")
            return
        yield Check("demo", True)
        for name, app in self.apps.items():
            yield from service_checks(app.deps)
            for check, ok, message in self.workers[name].readiness():
                yield Check(f"{name}-{check}", ok, message)

    def wsgi(self) -> WsgiApp:
        """One app: `/<service>/…` goes to its service, health and metrics speak for all, the rest goes to intake."""

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            path = environ.get("PATH_INFO", "")
            first = path.lstrip("/").partition("/")[0]
            if first in self.apps:
                return self.apps[first].wsgi_app(environ, start_response)
            if path in {"/readyz", "/metrics"} and Request(environ).method in {"GET", "HEAD"}:
                return (self._readyz() if path == "/readyz" else _metrics())(environ, start_response)
            return self.apps["intake"].wsgi_app(environ, start_response)

        return answer

    def _readyz(self) -> Response:
        checks = list(self.checks())
        ok = all(check.ok for check in checks)
        body = {
            "status": "ready" if ok else "not-ready",
            "checks": [{"name": c.name, "ok": c.ok, "message": c.message} for c in checks],
        }
        return Response(json.dumps(body), 200 if ok else 503, mimetype="application/json")


def _metrics() -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _beat(clock: DemoClock, stop: Event) -> None:
    while not stop.wait(_BEAT_SECONDS):
        clock.beat()
