"""Bearer tokens: signed by intake's Ed25519 key, verified by all four with the public keys they are given.

Tokens live on the machine's clock, never on the demo's.
"""

import json
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm

from shared.kernel.clock import machine_now, monotonic
from shared.kernel.errors import Unauthenticated, Unavailable
from shared.kernel.people import Actor, Role

ISSUER = "afterglow"
_ALGORITHM = "EdDSA"
_LOOK_AGAIN_SECONDS = 30.0
_TIMEOUT_SECONDS = 3
_REMEMBERED = 4096


class PublicKeys:
    """Intake's public keys as a JWK set, from a file or an http(s) URL.

    Keys once read stay good while their source is away; an unknown key id makes us look again, at most every 30 s.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._looked_at = -_LOOK_AGAIN_SECONDS
        self._lock = Lock()
        self._verified: dict[str, tuple[Actor, float | None]] = {}

    def actor_of(self, token: str) -> Actor:
        """Whoever the token speaks for; raises Unauthenticated, or Unavailable when no key was ever reachable."""
        known = self._verified.get(token)
        if known is not None and (known[1] is None or machine_now().timestamp() < known[1]):
            return known[0]
        claims = self._verify(token)
        actor = actor_from(claims)
        if len(self._verified) >= _REMEMBERED:
            self._verified.clear()
        self._verified[token] = (actor, claims.get("exp"))
        return actor

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
                options={"require": ["sub", "iss"], "verify_aud": False},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The token has expired; sign in again.", code="token-expired") from None
        except jwt.InvalidTokenError:
            raise Unauthenticated("The token isn't one that this clinic network issued.") from None
        return claims

    def _key(self, key_id: str) -> Ed25519PublicKey:
        if key_id not in self._keys:
            self._look()
        if not self._keys:
            raise Unavailable("Intake's public keys can't be reached yet; try again shortly.")
        try:
            return self._keys[key_id]
        except KeyError:
            raise jwt.InvalidTokenError("unknown key") from None

    def _look(self) -> None:
        with self._lock:
            if self._keys and monotonic() - self._looked_at < _LOOK_AGAIN_SECONDS:
                return
            self._looked_at = monotonic()
            try:
                found = parse_key_set(self._read())
            except (OSError, ValueError, KeyError, TypeError):
                return  # what we have stays good while intake is down
            self._keys = found
            self._verified.clear()

    def _read(self) -> str:
        if self._source.startswith(("http://", "https://")):
            with urllib.request.urlopen(self._source, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - scheme checked
                return str(answer.read(1_000_000).decode())
        return Path(self._source).read_text()


def parse_key_set(text: str) -> dict[str, Ed25519PublicKey]:
    """Key id → key of a JWK set; raises ValueError, KeyError or TypeError for anything else."""
    keys: dict[str, Ed25519PublicKey] = {}
    for entry in json.loads(text)["keys"]:
        key = OKPAlgorithm.from_jwk(entry)
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("a key set holds public Ed25519 keys only")
        keys[str(entry["kid"])] = key
    return keys


def key_set(keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """`keys` as a JWK set."""
    entries = []
    for key_id, key in keys.items():
        entry = OKPAlgorithm.to_jwk(key, as_dict=True)
        entries.append({**entry, "kid": key_id, "use": "sig", "alg": _ALGORITHM})
    return {"keys": entries}


def sign(actor: Actor, key: Ed25519PrivateKey, key_id: str, *, lasts: timedelta | None) -> str:
    """A bearer token for `actor`; `lasts` None (demo only) never expires."""
    issued = machine_now()
    claims: dict[str, Any] = {
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
        roles = frozenset(Role(role) for role in claims["roles"])
        sites = frozenset(str(site) for site in claims["sites"])
        patient = UUID(claims["patient"]) if "patient" in claims else None
    except (KeyError, TypeError, ValueError):
        raise Unauthenticated("The token's roles, sites or patient can't be read.") from None
    if not roles or (Role.PORTAL in roles) != (patient is not None) or (patient is not None and len(roles) > 1):
        raise Unauthenticated("The token's roles and patient don't fit together.")
    return Actor(
        subject=str(claims["sub"]), name=str(claims.get("name", "")), roles=roles, sites=sites, patient_id=patient
    )
