"""Bearer tokens: only what intake signed, only while it lasts, also while intake is away."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.kernel.errors import Unauthenticated, Unavailable
from shared.kernel.people import Actor, Role
from shared.web import tokens
from shared.web.tokens import PublicKeys, key_set, sign

KEY = Ed25519PrivateKey.generate()
OTHER = Ed25519PrivateKey.generate()
NINA = Actor("nina", "Nina", frozenset({Role.NURSE}), frozenset({"riverside"}))
HOUR = timedelta(hours=1)
SOMEBODY = "0f6c2a52-7c1c-4a5e-9d0b-6f2f5f0f8f11"


def publish(path: Path, keys: dict[str, Ed25519PrivateKey]) -> None:
    path.write_text(json.dumps(key_set({key_id: key.public_key() for key_id, key in keys.items()})))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "public.json"
    publish(path, {"k1": KEY, "demo-1": KEY})
    return path


@pytest.fixture
def keys(source: Path) -> PublicKeys:
    return PublicKeys(str(source))


class MachineClock:
    """Stands in for the machine's clock and its seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = datetime(2026, 3, 2, 12, tzinfo=UTC)
        self.seconds = 1000.0
        monkeypatch.setattr(tokens, "machine_now", lambda: self.at)
        monkeypatch.setattr(tokens, "monotonic", lambda: self.seconds)

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MachineClock:
    return MachineClock(monkeypatch)


def claims(**changes: Any) -> dict[str, Any]:
    fresh = {"iss": "afterglow", "sub": "nina", "roles": ["nurse"], "sites": ["riverside"]}
    fresh["exp"] = int((datetime.now(UTC) + HOUR).timestamp())
    return {name: value for name, value in (fresh | changes).items() if value is not None}


def signed(key: Any = KEY, key_id: Any = "k1", algorithm: str = "EdDSA", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": key_id})


def test_a_token_says_who_is_asking(keys: PublicKeys) -> None:
    assert keys.actor_of(sign(NINA, KEY, "k1", lasts=HOUR)) == NINA


def test_a_portals_token_is_bound_to_its_patient(keys: PublicKeys) -> None:
    patient = uuid4()
    portal = Actor("backend", "Portal", frozenset({Role.PORTAL}), frozenset(), patient)
    assert keys.actor_of(sign(portal, KEY, "k1", lasts=HOUR)).patient_id == patient


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": ["portal"]},
        {"roles": ["portal", "nurse"], "patient": SOMEBODY},
        {"roles": ["nurse"], "patient": SOMEBODY},
        {"roles": ["portal"], "patient": "not-a-uuid"},
        {"roles": ["portal"], "patient": 7},
        {"roles": ["portal"], "patient": [SOMEBODY]},
        {"roles": []},
        {"roles": ["queen"]},
        {"roles": "nurse"},
        {"roles": {"nurse": 1}},
        {"roles": None},
        {"sites": "riverside"},
        {"sites": [1]},
        {"sites": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "nina\x00"},
        {"sub": " nina"},
        {"sub": "n" * 161},
        {"sub": 7},
        {"iss": "somebody-else"},
        {"iss": None},
        {"exp": "soon"},
        {"exp": None},
        {"nbf": 99999999999},
        {"iat": "then"},
    ],
    ids=str,
)
def test_claims_that_dont_fit_together_are_refused(keys: PublicKeys, changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        keys.actor_of(signed(**changes))


def test_the_longest_subject_is_taken(keys: PublicKeys) -> None:
    assert keys.actor_of(signed(sub="n" * 160)).subject == "n" * 160


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        (None, "nina"),
        (7, "nina"),
        (" ", "nina"),
        ("  Nina  Aas\n", "Nina Aas"),
        ("Nina\x00Aas", "Nina Aas"),
        ("n" * 201, "n" * 200),
        ("Núria Ørsted-Łoś", "Núria Ørsted-Łoś"),
    ],
    ids=repr,
)
def test_a_name_is_one_line_that_every_store_can_keep_and_never_empty(keys: PublicKeys, claim: Any, name: str) -> None:
    assert keys.actor_of(signed(name=claim)).name == name


def _public_pem() -> bytes:
    return KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _encode(part: Any) -> str:
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _unsigned() -> str:
    return f"{_encode({'alg': 'none', 'typ': 'JWT', 'kid': 'k1'})}.{_encode(claims())}."


def _hmac_with_the_public_key() -> str:
    import hashlib
    import hmac

    head = f"{_encode({'alg': 'HS256', 'typ': 'JWT', 'kid': 'k1'})}.{_encode(claims())}"
    return f"{head}.{_encode(hmac.new(_public_pem(), head.encode(), hashlib.sha256).digest())}"


def _tampered(part: int) -> str:
    parts = signed().split(".")
    raw = base64.urlsafe_b64decode(parts[part] + "==")
    parts[part] = _encode(raw.replace(b"nurse", b"queen") if part == 1 else bytes([raw[0] ^ 1]) + raw[1:])
    return ".".join(parts)


@pytest.mark.parametrize(
    "token",
    [
        _unsigned(),
        _hmac_with_the_public_key(),
        signed(key=OTHER),
        signed(key=generate_private_key(65537, 2048), algorithm="RS256"),
        signed(key_id="k9"),
        signed(key_id=""),
        _tampered(0),
        _tampered(1),
        _tampered(2),
        signed() + "x",
        signed()[:-2],
        signed().rsplit(".", 1)[0],
        "x",
        "..",
        "a.b.c",
        "\x00",
        "é",
        "\udfff",
        f"{_encode(b'[' * 4000)}.e30.x",
        f"{_encode({'alg': 'EdDSA', 'kid': ['k1']})}.e30.x",
        f"{_encode({'alg': 'EdDSA', 'kid': 'k1', 'crit': ['exp']})}.{_encode(claims())}.x",
        f"{_encode(b'null')}.e30.x",
        "a" * 20_000,
    ],
    ids=lambda token: ascii(token[:12]),
)
def test_a_token_that_intake_didnt_sign_is_refused(keys: PublicKeys, token: str) -> None:
    with pytest.raises(Unauthenticated):
        keys.actor_of(token)


@pytest.mark.parametrize(("after", "good"), [(3599, True), (3604, True), (3606, False)])
def test_a_token_ends_with_its_hour_on_the_machines_clock(keys: PublicKeys, after: float, good: bool) -> None:
    """Five seconds of grace for clocks that differ."""
    expiry = datetime.now(UTC) + timedelta(seconds=3600 - after)
    token = signed(exp=expiry.timestamp())
    if good:
        assert keys.actor_of(token) == Actor("nina", "nina", NINA.roles, NINA.sites)
    else:
        with pytest.raises(Unauthenticated) as refused:
            keys.actor_of(token)
        assert refused.value.code == "token-expired"


def test_a_token_that_was_good_once_is_looked_at_again_after_its_end(
    keys: PublicKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    token = signed(exp=(now + timedelta(seconds=100)).timestamp())
    keys.actor_of(token)
    looked: list[str] = []
    monkeypatch.setattr(keys, "_verify", lambda text: looked.append(text) or claims())
    monkeypatch.setattr(tokens, "machine_now", lambda: now + timedelta(seconds=98))
    keys.actor_of(token)
    assert looked == []
    monkeypatch.setattr(tokens, "machine_now", lambda: now + timedelta(seconds=101))
    keys.actor_of(token)
    assert looked == [token]


def test_only_the_demos_tokens_may_live_for_ever(keys: PublicKeys) -> None:
    assert keys.actor_of(sign(NINA, KEY, "demo-1", lasts=None)) == NINA
    with pytest.raises(Unauthenticated):
        keys.actor_of(sign(NINA, KEY, "k1", lasts=None))


def test_keys_stay_good_while_their_source_is_away(source: Path, keys: PublicKeys, clock: MachineClock) -> None:
    token = sign(NINA, KEY, "demo-1", lasts=None)
    keys.actor_of(token)
    source.unlink()
    clock.pass_by(3600)
    assert keys.actor_of(token) == NINA
    assert keys.actor_of(sign(NINA, KEY, "demo-1", lasts=timedelta(days=3650))) == NINA


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"keys": []}', '{"keys": [{}]}', '{"keys": {"a": 1}}', '{"keys": 1}', "\x00"]
)
def test_a_source_that_turns_to_nonsense_changes_nothing(
    source: Path, keys: PublicKeys, clock: MachineClock, text: str
) -> None:
    token = sign(NINA, KEY, "demo-1", lasts=None)
    keys.actor_of(token)
    source.write_text(text)
    clock.pass_by(3600)
    assert keys.actor_of(token) == NINA


def test_without_any_key_nobody_can_be_told_apart_and_that_is_503(tmp_path: Path) -> None:
    source = tmp_path / "later.json"
    keys = PublicKeys(str(source))
    token = sign(NINA, KEY, "demo-1", lasts=None)
    with pytest.raises(Unavailable):
        keys.actor_of(token)
    assert not keys.available()
    publish(source, {"demo-1": KEY})
    assert keys.actor_of(token) == NINA


def test_an_unknown_key_makes_us_look_again_but_at_most_every_30_seconds(
    source: Path, keys: PublicKeys, clock: MachineClock
) -> None:
    keys.actor_of(sign(NINA, KEY, "demo-1", lasts=None))
    publish(source, {"demo-1": KEY, "demo-2": OTHER})
    newer = sign(NINA, OTHER, "demo-2", lasts=None)
    clock.pass_by(29.9)
    with pytest.raises(Unauthenticated):
        keys.actor_of(newer)
    clock.pass_by(0.2)
    assert keys.actor_of(newer) == NINA


def test_a_withdrawn_key_stops_counting_within_five_minutes(
    source: Path, keys: PublicKeys, clock: MachineClock
) -> None:
    token = sign(NINA, KEY, "demo-1", lasts=None)
    keys.actor_of(token)
    publish(source, {"demo-2": OTHER})
    clock.pass_by(299)
    assert keys.actor_of(token) == NINA
    clock.pass_by(2)
    with pytest.raises(Unauthenticated):
        keys.actor_of(token)


class KeyServer(BaseHTTPRequestHandler):
    body = b""
    asked = 0
    status = 200

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[type[KeyServer], str]]:
    handler = type("Handler", (KeyServer,), {})
    httpd = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield handler, f"http://127.0.0.1:{httpd.server_port}/keys"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_keys_are_read_from_a_url_once(server: tuple[type[KeyServer], str]) -> None:
    handler, url = server
    handler.body = json.dumps(key_set({"demo-1": KEY.public_key()})).encode()
    keys = PublicKeys(url)
    for _ in range(5):
        assert keys.actor_of(sign(NINA, KEY, "demo-1", lasts=None)) == NINA
    assert handler.asked == 1


@pytest.mark.parametrize(("status", "body"), [(500, b""), (404, b"{}"), (200, b"<html>"), (200, b"\xff\xfe")])
def test_a_url_that_answers_nonsense_is_no_source(
    server: tuple[type[KeyServer], str], status: int, body: bytes
) -> None:
    handler, url = server
    handler.body, handler.status = body, status
    with pytest.raises(Unavailable):
        PublicKeys(url).actor_of(sign(NINA, KEY, "demo-1", lasts=None))


def test_a_url_that_is_away_is_asked_at_most_once_a_second(
    server: tuple[type[KeyServer], str], clock: MachineClock
) -> None:
    handler, url = server
    handler.status = 503
    keys = PublicKeys(url)
    token = sign(NINA, KEY, "demo-1", lasts=None)
    for _ in range(10):
        with pytest.raises(Unavailable):
            keys.actor_of(token)
    assert handler.asked == 1
    handler.status, handler.body = 200, json.dumps(key_set({"demo-1": KEY.public_key()})).encode()
    clock.pass_by(1)
    assert keys.actor_of(token) == NINA


def test_a_url_where_nobody_listens_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        PublicKeys("http://127.0.0.1:9/keys").actor_of(sign(NINA, KEY, "demo-1", lasts=None))


def test_a_key_set_holds_only_public_ed25519_keys() -> None:
    entry = key_set({"k1": KEY.public_key()})["keys"][0]
    assert "d" not in entry
    with pytest.raises(ValueError, match="Ed25519"):
        tokens.parse_key_set(
            json.dumps({"keys": [jwt.algorithms.OKPAlgorithm.to_jwk(KEY, as_dict=True) | {"kid": "x"}]})
        )
