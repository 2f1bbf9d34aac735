"""What a process is told at start, by environment. Every bad value is refused, all in one message."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from shared.kernel.sites import BadSites, Sites

DEFAULT_PORT = 8080
DEFAULT_DATA = "data"
DEMO_SITES = Path(__file__).parent / "demo_sites.json"
_KAFKA = re.compile(r"kafka://[^\s,/:]+:\d{1,5}(,[^\s,/:]+:\d{1,5})*(/[A-Za-z0-9._-]+)?")
_SECURITY = ("PLAINTEXT", "SASL_PLAINTEXT", "SASL_SSL", "SSL")


class BadSettings(ValueError):
    """One or more settings can't be used; the message names each with what it must be."""


@dataclass(frozen=True, kw_only=True)
class BaseSettings:
    """`demo_dir` is None in production; in the demo it holds the demo's key and clock. Services may add their own."""

    service: str
    data_dir: Path
    port: int
    database_url: str
    events: str
    kafka_user: str | None
    kafka_password: str | None
    kafka_security: str
    public_keys: str
    sites_file: Path
    demo_dir: Path | None

    @property
    def keys_dir(self) -> Path:
        return (self.demo_dir or self.data_dir) / "keys"

    @classmethod
    def from_env(cls, service: str, environ: Mapping[str, str] | None = None) -> Self:
        """Read `AFTERGLOW_*`; raises BadSettings naming every bad value at once, never printing a password."""
        env = Environment(dict(os.environ if environ is None else environ), service)
        settings = env.common()
        own = cls.own(env)
        env.refuse_bad()
        return cls(**settings, **own)

    @classmethod
    def own(cls, env: "Environment") -> dict[str, Any]:
        """A service's own settings, read from `env`; none unless overridden."""
        return {}


class Environment:
    """Reads settings and collects what is wrong with them."""

    def __init__(self, environ: dict[str, str], service: str) -> None:
        self._service = service
        self._environ = {name: value for name, value in environ.items() if value != ""}
        self._bad: list[str] = []

    def common(self) -> dict[str, Any]:
        data_dir = Path(self._environ.get("AFTERGLOW_DATA", DEFAULT_DATA))
        demo = self._environ.get("AFTERGLOW_DEMO")
        demo_dir = Path(demo) if demo else None
        database = f"AFTERGLOW_{self._service.upper()}_DATABASE"
        keys = (demo_dir or data_dir) / "keys" / "public.json"
        return {
            "service": self._service,
            "data_dir": data_dir,
            "port": self._port(),
            "database_url": self._database(database, f"sqlite:///{data_dir.absolute() / self._service}.db"),
            "events": self._events(),
            "kafka_user": self._environ.get("AFTERGLOW_KAFKA_USER"),
            "kafka_password": self._environ.get("AFTERGLOW_KAFKA_PASSWORD"),
            "kafka_security": self._kafka_security(),
            "public_keys": self._environ.get("AFTERGLOW_PUBLIC_KEYS", str(keys)),
            "sites_file": self._sites(demo=demo_dir is not None),
            "demo_dir": demo_dir,
        }

    @property
    def demo(self) -> bool:
        return "AFTERGLOW_DEMO" in self._environ

    def file(self, name: str, *, required: bool) -> Path | None:
        """The file that `name` names; None when it isn't set."""
        named = self._environ.get(name)
        if (named is None and required) or (named is not None and not Path(named).is_file()):
            self._bad.append(f"{name} must name a file that can be found")
        return None if named is None else Path(named)

    def site_ids(self, name: str) -> frozenset[str]:
        """The comma-separated sites that `name` names, each in the sites file; empty when it isn't set."""
        asked = frozenset(filter(None, (entry.strip() for entry in self._environ.get(name, "").split(","))))
        try:
            unknown = asked - set(Sites.from_file(Path(self._environ.get("AFTERGLOW_SITES", DEMO_SITES))))
        except BadSites:
            return asked  # a sites file that can't be used is refused by its own name
        if unknown:
            self._bad.append(f"{name} names sites that are not in the sites file: {', '.join(sorted(unknown))}")
        return asked

    def refuse_bad(self) -> None:
        if self._bad:
            raise BadSettings("These settings can't be used:\n" + "\n".join(f"  {line}" for line in self._bad))

    def _port(self) -> int:
        text = self._environ.get("AFTERGLOW_PORT", str(DEFAULT_PORT))
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
            self._bad.append("AFTERGLOW_PORT must be a whole number from 1 to 65535")
            return DEFAULT_PORT
        return int(text)

    def _database(self, name: str, default: str) -> str:
        url = self._environ.get(name, default)
        try:
            backend = make_url(url).get_backend_name()
        except (ArgumentError, ValueError):
            backend = ""
        if backend not in {"sqlite", "postgresql"}:
            self._bad.append(f"{name} must be a SQLAlchemy URL of SQLite or PostgreSQL (postgresql+psycopg://…)")
        return url

    def _kafka_security(self) -> str:
        signs_in = {name for name in ("AFTERGLOW_KAFKA_USER", "AFTERGLOW_KAFKA_PASSWORD") if name in self._environ}
        if len(signs_in) == 1:
            self._bad.append("AFTERGLOW_KAFKA_USER and AFTERGLOW_KAFKA_PASSWORD must be set together")
        security = self._one_of("AFTERGLOW_KAFKA_SECURITY", _SECURITY, "SASL_PLAINTEXT" if signs_in else "PLAINTEXT")
        if signs_in and not security.startswith("SASL_"):
            self._bad.append(
                "AFTERGLOW_KAFKA_SECURITY must be SASL_PLAINTEXT or SASL_SSL for AFTERGLOW_KAFKA_USER to sign in"
            )
        return security

    def _events(self) -> str:
        events = self._environ.get("AFTERGLOW_EVENTS", "embedded")
        if events != "embedded" and not _KAFKA.fullmatch(events):
            self._bad.append("AFTERGLOW_EVENTS must be `embedded` or kafka://host:port[,host:port]")
        return events

    def _one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self._environ.get(name, default)
        if value not in allowed:
            self._bad.append(f"{name} must be one of {', '.join(allowed)}")
        return value

    def _sites(self, *, demo: bool) -> Path:
        named = self._environ.get("AFTERGLOW_SITES")
        if named is None and not demo:
            self._bad.append("AFTERGLOW_SITES must name the sites file (only the demo has sites of its own)")
        path = Path(named) if named else DEMO_SITES
        if not path.is_file():
            self._bad.append("AFTERGLOW_SITES names a file that can't be found")
        return path
