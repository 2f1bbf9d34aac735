"""A caller of the four services: what a desk, a nurse or a portal would send, with the demo's tokens."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx

from services.console.token import demo_token
from shared.kernel.clock import monotonic
from shared.kernel.people import Role
from shared.launch.keys import SigningKey, read_signing_key

_T = TypeVar("_T")

_TIMEOUT = httpx.Timeout(10.0, read=300.0)  # a long move of the clock answers when the workers have lived it
_TRIES = 6
_PAUSE_SECONDS = 0.25
_PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 0.2


class Unreached(Exception):
    """Nobody answers at the URL."""


class Refusal(Exception):
    """An answer of 400 or above. `code` is the last part of the problem's type; `reasons` are a refused decision's."""

    def __init__(self, method: str, path: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("type", "")).rpartition(":")[2] or str(status)
        self.title = str(problem.get("title", ""))
        self.reasons = tuple(str(reason["code"]) for reason in problem.get("reasons", ()))
        fields = ", ".join(f"{field['pointer']}: {field['detail']}" for field in problem.get("errors", ()))
        super().__init__(f"{method} {path}: {status} {self.code}: {self.title} {fields}".rstrip())


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the JSON body, and the record's version as its ETag (None without one)."""

    status: int
    body: dict[str, Any]
    etag: str | None

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


class Caller:
    """Somebody with a token. Paths start with the service's name: "/intake/v1/sessions". Raises Refusal, Unreached.

    Asks a busy service again for `patience_seconds`: a person who waits wants to know what is away.
    """

    def __init__(self, http: httpx.Client, token: str | None, *, patience_seconds: float = inf) -> None:
        self._http = http
        self._patience_seconds = patience_seconds
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: Any) -> Answer:
        return self.call("GET", path, params=query or None)

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, key: str | None = None) -> Answer:
        """`key` makes it safe to repeat: the same key and body are answered as the first time and done once."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.call("POST", path, json=dict(body or {}), headers=headers)

    def put(self, path: str, body: Mapping[str, Any], *, etag: str | None = None) -> Answer:
        """Replace a sub-resource of the record at the parent of `path`; without `etag` the record is read first.

        A version that grew in between is read again, when it was this method that read it.
        """
        for _ in range(_TRIES):
            known = etag or self.get(path.rpartition("/")[0]).etag or ""
            try:
                return self.call("PUT", path, json=dict(body), headers={"If-Match": known})
            except Refusal as refusal:
                if refusal.status != 412 or etag is not None:
                    raise
        return self.call("PUT", path, json=dict(body), headers={"If-Match": known})

    def everything(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All items of a list, page by page."""
        items: list[dict[str, Any]] = []
        answer = self.get(path, **query)
        while True:
            items += answer["items"]
            if not answer.body.get("next"):
                return items
            answer = self.get(path, **query, cursor=answer["next"])

    def call(self, method: str, path: str, **sent: Any) -> Answer:
        """One request; asked again a few times while the service is busy (503, or the same key in flight)."""
        headers = self._headers | sent.pop("headers", {})
        until = monotonic() + self._patience_seconds
        for left in reversed(range(_TRIES)):
            try:
                got = self._http.request(method, path, headers=headers, **sent)
            except httpx.TransportError as error:
                raise Unreached(f"{self._http.base_url} doesn't answer ({type(error).__name__})") from None
            if got.status_code < 400:
                return Answer(got.status_code, got.json() if got.content else {}, got.headers.get("ETag"))
            refusal = Refusal(method, path, got.status_code, _problem(got))
            if not left or monotonic() > until or not (refusal.status == 503 or refusal.code == "in-flight"):
                raise refusal
            time.sleep(_PAUSE_SECONDS)
        raise AssertionError("the last try returns or raises")


class Clinics:
    """The network at one URL, as the demo's people see it. Safe to use from several threads."""

    def __init__(self, url: str, keys_dir: Path) -> None:
        """Raises shared.launch.keys.NoSigningKey when `keys_dir` has no key to sign the demo's tokens with."""
        self._key: SigningKey = read_signing_key(keys_dir)
        self._http = httpx.Client(base_url=url, timeout=_TIMEOUT, limits=httpx.Limits(max_keepalive_connections=8))
        self._callers: dict[tuple[object, ...], Caller] = {}
        self._nobody = Caller(self._http, None)

    def caller(self, role: Role, *sites: str, patient: UUID | str | None = None, subject: str | None = None) -> Caller:
        """The demo's person of that role at those sites, or a patient's portal, or another `subject` of the role."""
        mark = (role, sites, str(patient), subject)
        if mark not in self._callers:
            bound = None if patient is None else UUID(str(patient))
            token = demo_token(self._key, role, sites, patient=bound, subject=subject)
            self._callers[mark] = Caller(self._http, token)
        return self._callers[mark]

    def now(self) -> datetime:
        """The demo clock's instant."""
        return datetime.fromisoformat(self._nobody.get("/demo/clock")["now"])

    def move_clock(self, instant: datetime) -> datetime:
        """Move the clock to `instant`, or leave it where it is when it is there already. Returns its now."""
        if instant <= self.now():
            return self.advance_clock(timedelta())  # nothing moves, but what is on its way arrives before it answers
        try:
            return datetime.fromisoformat(self._nobody.post("/demo/clock", {"to": instant.isoformat()})["now"])
        except Refusal as refusal:
            if refusal.status == 422 and (now := self.now()) >= instant:
                return now  # a clock that passes by itself went past it meanwhile
            raise

    def advance_clock(self, by: timedelta) -> datetime:
        return datetime.fromisoformat(self._nobody.post("/demo/clock", {"advance_seconds": by.total_seconds()})["now"])

    def close(self) -> None:
        self._http.close()


def patiently(act: Callable[[], _T], *, seconds: float = _PATIENCE_SECONDS) -> _T:
    """`act`, repeated while its record isn't there yet (404): between services facts travel by events."""
    give_up = monotonic() + seconds
    while True:
        try:
            return act()
        except Refusal as refusal:
            if refusal.status != 404 or monotonic() > give_up:
                raise
        time.sleep(_POLL_SECONDS)


def _problem(got: httpx.Response) -> dict[str, Any]:
    try:
        found = got.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
