"""Who sits at the browser: a cookie that intake signs for 15 minutes and all four services read.

The cookie is a token like any other, signed by the same key, with three claims more: `csrf`, the secret that every form
of this sign-in must carry; `site`, where its owner works now; `idle`, after how many seconds the page locks. Only
intake renews it, so whoever was put out of the staff list is out within 15 minutes. See docs/adr/0011-sign-in.md.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Request, Response

from shared.kernel.clock import machine_now
from shared.kernel.errors import Unauthenticated
from shared.kernel.people import Actor
from shared.web.tokens import PublicKeys, sign

COOKIE = "afterglow_sign_in"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LASTS = timedelta(minutes=15)
# a page without script renews by a step through intake once less than this is left
RENEW_BELOW = timedelta(minutes=5)
RENEWAL = "/intake/sign-in/renewal"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person at one browser. `expires_at` is on the machine's clock, like all tokens."""

    actor: Actor
    site_id: str
    csrf: str
    expires_at: datetime

    @property
    def left(self) -> timedelta:
        return self.expires_at - machine_now()


def read(asked: Request, keys: PublicKeys) -> SignIn:
    """The request's sign-in; raises Unauthenticated without one, with an expired one, or with another sort of token."""
    token = asked.cookies.get(COOKIE, "")
    if not token:
        raise Unauthenticated("Sign in first.")
    actor, claims = keys.read(token)
    if not isinstance(claims.get("csrf"), str) or "exp" not in claims or claims.get("site") not in actor.sites:
        raise Unauthenticated("Sign in again.")
    expires_at = _EPOCH + timedelta(seconds=claims["exp"])
    return SignIn(actor, claims["site"], claims["csrf"], expires_at)


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def write(
    answer: Response, actor: Actor, site_id: str, *, csrf: str, key: Ed25519PrivateKey, key_id: str, secure: bool
) -> None:
    """Sign `actor` in for the next 15 minutes; `csrf` stays the same at renewal, so that open forms stay good."""
    extra: Mapping[str, Any] = {"csrf": csrf, "site": site_id}
    token = sign(actor, key, key_id, lasts=LASTS, extra=extra)
    answer.set_cookie(COOKIE, token, max_age=LASTS, path="/", secure=secure, httponly=True, samesite="Lax")


def clear(answer: Response) -> None:
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax")
