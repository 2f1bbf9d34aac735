"""Bearer tokens: signed by intake's Ed25519 key, verified by all four with the public keys they are given.

Tokens live on the machine's clock, never on the demo's.
"""

import json
import math
import re
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm

from shared.kernel.clock import machine_now, monotonic
from shared.kernel.errors import Unauthenticated, Unavailable
from shared.kernel.people import Actor, Role

ISSUER = "afterglow"
# keys that only the demo signs with; only their tokens may live for ever
DEMO_PREFIX = "demo-"
_ALGORITHM = "EdDSA"
_LOOK_AGAIN_SECONDS = 30.0
_EMPTY_HANDED_SECONDS = 1.0
_GOOD_FOR_SECONDS = 300.0
_TIMEOUT_SECONDS = 3
_REMEMBERED = 4096
_LONGEST_TOKEN = 8192
_LARGEST_KEY_SET = 1_000_000
_SUBJECT = re.compile(r"[!-~](?:[ -~]{0,158}[!-~])?")
_NAME_LENGTH = 200


class PublicKeys:
    """Intake's public keys as a JWK set, from a file or an http(s) URL.

    Keys once read stay good while their source is away. An unknown key id makes us look again, at most every 30 s; so
    does a key set older than 5 minutes, so that a key that was withdrawn stops counting.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._looked_at = -math.inf
        self._lock = Lock()
        self._verified: dict[str, tuple[Actor, dict[str, Any]]] = {}

    def actor_of(self, token: str) -> Actor:
        """Whoever the token speaks for; raises Unauthenticated, or Unavailable when no key was ever reachable."""
        return self.read(token)[0]

    def read(self, token: str) -> tuple[Actor, dict[str, Any]]:
        """The same, with all that the token claims."""
        if self._keys and monotonic() - self._looked_at >= _GOOD_FOR_SECONDS:
            self._look(wait=False)
        known = self._verified.get(token)
        if known is not None and machine_now().timestamp() < known[1].get("exp", math.inf):
            return known
        if len(token) > _LONGEST_TOKEN:
            raise Unauthenticated("The token isn’t one that this clinic network issued.")
        claims = self._verify(token)
        actor = actor_from(claims)
        if len(self._verified) >= _REMEMBERED:
            self._verified.clear()
        self._verified[token] = (actor, claims)
        return actor, claims

    def available(self) -> bool:
        """Whether at least one key is at hand (looking for it when none is)."""
        if not self._keys:
            self._look()
        return bool(self._keys)

    def key_ids(self) -> tuple[str, ...]:
        return tuple(self._keys) if self.available() else ()

    def as_key_set(self) -> dict[str, Any]:
        """What is at hand, as a JWK set to hand on; empty when there is none."""
        self.available()
        return key_set(self._keys)

    def _verify(self, token: str) -> dict[str, Any]:
        try:
            key_id = str(jwt.get_unverified_header(token).get("kid", ""))
            key = self._key(key_id)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                issuer=ISSUER,
                leeway=timedelta(seconds=5),
                options={"require": _required(key_id), "verify_aud": False},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The token has expired; sign in again.", code="token-expired") from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            # a header of nested brackets or a claim of the wrong type is somebody's doing, never a bug of ours
            raise Unauthenticated("The token isn’t one that this clinic network issued.") from None
        return claims

    def _key(self, key_id: str) -> Ed25519PublicKey:
        if key_id not in self._keys:
            self._look()
        if not self._keys:
            raise Unavailable("Intake’s public keys can’t be reached yet; try again shortly.")
        try:
            return self._keys[key_id]
        except KeyError:
            raise jwt.InvalidTokenError("unknown key") from None

    def _look(self, *, wait: bool = True) -> None:
        # whoever has the key it needs doesn't wait for another's look: the source may be slow to say that it is away
        if not self._lock.acquire(blocking=wait):
            return
        try:
            if monotonic() - self._looked_at < self._patience():
                return
            try:
                found = parse_key_set(self._read())
            except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError, RecursionError):
                return  # what we have stays good while intake is down
            finally:
                self._looked_at = monotonic()
            if found != self._keys:
                self._keys = found
                self._verified.clear()
        finally:
            self._lock.release()

    def _patience(self) -> float:
        """Seconds between two looks; a file is cheap to try again while there is no key at all."""
        if self._keys:
            return _LOOK_AGAIN_SECONDS
        return _EMPTY_HANDED_SECONDS if self._is_url else 0.0

    @property
    def _is_url(self) -> bool:
        return self._source.startswith(("http://", "https://"))

    def _read(self) -> str:
        if self._is_url:
            with urllib.request.urlopen(self._source, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - scheme checked
                return str(answer.read(_LARGEST_KEY_SET).decode())
        return Path(self._source).read_text()


def parse_key_set(text: str) -> dict[str, Ed25519PublicKey]:
    """Key id → key of a JWK set; raises ValueError, KeyError, TypeError or AttributeError for anything else."""
    keys: dict[str, Ed25519PublicKey] = {}
    for entry in json.loads(text)["keys"]:
        try:
            key = OKPAlgorithm.from_jwk(entry)
        except jwt.PyJWTError as error:
            raise ValueError("a key of the set can’t be read") from error
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("a key set holds public Ed25519 keys only")
        keys[str(entry["kid"])] = key
    if not keys:
        raise ValueError("a key set holds at least one key")
    return keys


def key_set(keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """`keys` as a JWK set."""
    entries = []
    for key_id, key in keys.items():
        entry = OKPAlgorithm.to_jwk(key, as_dict=True)
        entries.append({**entry, "kid": key_id, "use": "sig", "alg": _ALGORITHM})
    return {"keys": entries}


def sign(
    actor: Actor,
    key: Ed25519PrivateKey,
    key_id: str,
    *,
    lasts: timedelta | None,
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """A bearer token for `actor`; `lasts` None (demo only) never expires. `extra` are claims of its own."""
    issued = machine_now()
    claims: dict[str, Any] = {
        **extra,
        "iss": ISSUER,
        "sub": actor.subject,
        "name": actor.name,
        "roles": sorted(actor.roles),
        "sites": sorted(actor.sites),
        "iat": int(issued.timestamp()),
    }
    if actor.patient_id is not None:
        claims["patient"] = str(actor.patient_id)
    if lasts is not None:
        claims["exp"] = int((issued + lasts).timestamp())
    return jwt.encode(claims, key, algorithm=_ALGORITHM, headers={"kid": key_id})


def actor_from(claims: Mapping[str, Any]) -> Actor:
    """The actor that verified claims speak of; raises Unauthenticated when they don't fit together."""
    try:
        roles = frozenset(Role(role) for role in _texts(claims["roles"]))
        sites = frozenset(_texts(claims["sites"]))
        patient = UUID(claims["patient"]) if "patient" in claims else None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unauthenticated("The token’s roles, sites or patient can’t be read.") from None
    if not roles or (Role.PORTAL in roles) != (patient is not None) or (patient is not None and len(roles) > 1):
        raise Unauthenticated("The token’s roles and patient don’t fit together.")
    subject = str(claims["sub"])
    if not _SUBJECT.fullmatch(subject):
        raise Unauthenticated("The token’s subject must be 1 to 160 printable ASCII characters.")
    name = _name(claims.get("name")) or subject
    return Actor(subject=subject, name=name, roles=roles, sites=sites, patient_id=patient)


def _name(claim: Any) -> str:
    """As pages show it and every store can keep it: one line, at most 200 characters; empty where a token says none."""
    if not isinstance(claim, str):
        return ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in claim).split())[:_NAME_LENGTH]


def _texts(claim: Any) -> list[str]:
    """A claim that must be a list of texts: one text is no list of its letters."""
    if not isinstance(claim, list) or not all(isinstance(text, str) for text in claim):
        raise TypeError("not a list of texts")
    return claim


def _required(key_id: str) -> list[str]:
    return ["sub", "iss"] if key_id.startswith(DEMO_PREFIX) else ["sub", "iss", "exp"]
