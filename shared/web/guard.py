"""The door: who is asking, may they call this route, and is what they sent readable at all."""

import re
from functools import lru_cache

from flask import Request, g, request

from shared.kernel.errors import Forbidden, Unauthenticated
from shared.observability.http import bind_site
from shared.web.access import Access
from shared.web.reading import check_query, read_body
from shared.web.tokens import PublicKeys

_CONVERTER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@lru_cache(maxsize=1024)
def route_of(method: str, rule: str) -> str:
    """A Flask rule as the access table spells it: "GET /intake/v1/patients/{patient_id}"."""
    path = _CONVERTER.sub(r"{\1}", rule)
    return f"{'GET' if method == 'HEAD' else method} {path}"


class Guard:
    """Checks every request against the access table before any view runs."""

    def __init__(self, table: dict[str, Access], public_keys: PublicKeys) -> None:
        self._table = table
        self._keys = public_keys

    def check(self) -> None:
        """Raises Unauthenticated, Forbidden, Unreadable, Invalid, or werkzeug's 413 and 415."""
        rule = request.url_rule
        if rule is None or request.method == "OPTIONS":
            return  # no such address, or which methods it takes: Flask answers, with nothing of anybody's in it
        access = self._table.get(route_of(request.method, rule.rule))
        if access is None:
            raise Forbidden("Nobody may call this.")
        if access.roles is not None:
            g.actor = self._keys.actor_of(_bearer(request))
            bind_site(g.actor.sites)
            if g.actor.roles.isdisjoint(access.roles):
                raise Forbidden("Your role may not do this.")
        check_query(request)
        if request.method in {"POST", "PUT", "PATCH"}:
            read_body(request)


def _bearer(asked: Request) -> str:
    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send a bearer token in the Authorization header.")
    return token.strip()
