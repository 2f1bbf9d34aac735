"""A house of services for tests: the real apps on real stores, one clock that stands still, one embedded log.

house = House(tmp_path)
nurse = house.client("discharge", role="nurse", sites=["riverside"])
nurse.post("/recoveries/…/observations", json={…}, expect=201)
house.run_workers()
"""

import importlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from shared.kernel.clock import FixedClock
from shared.kernel.people import Actor, Role
from shared.kernel.sites import Sites
from shared.launch.keys import ensure_demo_keys
from shared.launch.platform import Platform
from shared.launch.service import Service
from shared.launch.settings import DEMO_SITES
from shared.messaging.log import EventLog, open_log
from shared.messaging.worker import Worker
from shared.store.engine import open_engine
from shared.store.migrate import upgrade
from shared.store.sealing import Sealer
from shared.store.unit_of_work import UnitOfWork
from shared.web.app import ServiceApp
from shared.web.tokens import PublicKeys, sign

SERVICES = ("intake", "discharge", "integration", "maintenance")
MORNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in New York


class House:
    """Builds only the services that are asked for. `urls` gives a service another database than SQLite."""

    def __init__(self, folder: Path, *, at: datetime = MORNING, urls: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.clock = FixedClock(at)
        self.sites = Sites.from_file(DEMO_SITES)
        self.signing = ensure_demo_keys(folder / "keys")
        self.platform = Platform(
            clock=self.clock,
            sites=self.sites,
            public_keys=PublicKeys(str(folder / "keys" / "public.json")),
            sealer=Sealer.from_text(Sealer.new_key_text("test")),
            log=self._open_log(),
        )
        self._urls = urls or {}
        self._running: dict[str, Running] = {}

    def _open_log(self) -> EventLog:
        return open_log("embedded", self.folder)

    def service(self, name: str) -> "Running":
        if name not in self._running:
            url = self._urls.get(name) or f"sqlite:///{_migrated_copy(name, self.folder)}"
            self._running[name] = Running.start(name, url, self)
        return self._running[name]

    def client(
        self,
        service: str,
        *,
        role: str | Sequence[str] = "nurse",
        sites: Sequence[str] = ("riverside",),
        patient: UUID | str | None = None,
        subject: str | None = None,
    ) -> "Client":
        """A caller of `service` with a signed token; `patient` binds a portal's token."""
        roles = [role] if isinstance(role, str) else list(role)
        actor = Actor(
            subject=subject or f"{roles[0]}-{'-'.join(sites)}",
            name=f"Test {roles[0]}",
            roles=frozenset(Role(r) for r in roles),
            sites=frozenset(sites),
            patient_id=UUID(str(patient)) if patient else None,
        )
        token = sign(actor, self.signing.key, self.signing.key_id, lasts=None)
        return Client(self.service(service).app, f"/{service}/v1", token)

    def run_workers(self, *services: str) -> None:
        """Relay, consume and run due jobs in the started services (or `services`) until nothing moves."""
        names = services or tuple(self._running)
        workers = [self.service(name).worker for name in names]
        for _ in range(200):
            moved = [worker.step() for worker in workers]
            if not any(moved) and all(worker.settled() for worker in workers):
                return
        raise AssertionError("the workers did not come to rest")

    def advance(self, by: timedelta) -> None:
        """Jump the clock by `by` at once, then run the workers."""
        self.clock.advance(by)
        self.run_workers()

    def step_to(self, instant: datetime) -> None:
        """Move to `instant` from one due instant to the next, as the workers would have lived it."""
        self.run_workers()
        while True:
            dues = [due for due in (running.worker.next_due() for running in self._running.values()) if due]
            upcoming = min((due for due in dues if self.clock.at < due <= instant), default=None)
            if upcoming is None:
                break
            self.clock.at = upcoming
            self.run_workers()
        self.clock.at = instant
        self.run_workers()

    def close(self) -> None:
        for running in self._running.values():
            running.worker.close()
            running.deps.engine.dispose()


@dataclass
class Running:
    """One service of a house: its app, its worker, its deps."""

    name: str
    app: ServiceApp
    worker: Worker
    deps: Any

    @classmethod
    def start(cls, name: str, url: str, house: House) -> "Running":
        service: Service = importlib.import_module(f"services.{name}.__main__").SERVICE
        environ = {
            f"AFTERGLOW_{name.upper()}_DATABASE": url,
            "AFTERGLOW_DATA": str(house.folder),
            "AFTERGLOW_DEMO": str(house.folder),
        }
        deps = service.wire(service.settings.from_env(name, environ), house.platform)
        return cls(name, service.create_app(deps), service.build_worker(deps, house.platform), deps)

    def unit_of_work(self) -> UnitOfWork:
        """A transaction on this service's store, for arranging and asserting what HTTP can't show."""
        actor = Actor(subject="test", name="test", roles=frozenset({Role.SERVICE}), sites=frozenset())
        return UnitOfWork(self.deps.engine, actor=actor, correlation_id="test")


class Client:
    """JSON over Flask's test client; `expect` asserts the status and shows the problem when it is another."""

    def __init__(self, app: ServiceApp, prefix: str, token: str) -> None:
        self._client = app.test_client()
        self._prefix = prefix
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, *, expect: int | None = 200, **kwargs: Any) -> TestResponse:
        return self.call("GET", path, expect=expect, **kwargs)

    def post(self, path: str, json: Any = None, *, expect: int | None = None, **kwargs: Any) -> TestResponse:
        return self.call("POST", path, json={} if json is None else json, expect=expect, **kwargs)

    def put(
        self, path: str, json: Any, *, etag: str | None = None, expect: int | None = 200, **kwargs: Any
    ) -> TestResponse:
        """`etag` None reads the record's ETag first, from the parent of `path`."""
        headers = dict(kwargs.pop("headers", {}))
        if etag is None:
            etag = self.get(path.rsplit("/", 1)[0]).headers["ETag"]
        if etag:
            headers["If-Match"] = etag
        return self.call("PUT", path, json=json, expect=expect, headers=headers, **kwargs)

    def call(self, method: str, path: str, *, expect: int | None = None, **kwargs: Any) -> TestResponse:
        headers = self._headers | dict(kwargs.pop("headers", {}))
        answer = self._client.open(self._prefix + path, method=method, headers=headers, **kwargs)
        if expect is not None:
            assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.get_json(silent=True)}"
        return answer


@cache
def _template(name: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="afterglow-template-"))
    engine = open_engine(f"sqlite:///{folder}/{name}.db")
    upgrade(engine, name)
    # closing its last connection makes SQLite fold the write-ahead log into the file
    engine.dispose()
    return folder / f"{name}.db"


def _migrated_copy(name: str, folder: Path) -> Path:
    """A migrated, empty SQLite store: migrations run once a test session, each test gets a copy."""
    return Path(shutil.copy(_template(name), folder / f"{name}.db"))
