"""The door: who is asking, may they call this route, and is what they sent readable at all."""

import re
from contextlib import suppress
from functools import lru_cache
from urllib.parse import quote

from flask import Request, Response, g, request

from shared.kernel.errors import Forbidden, Unauthenticated, Unavailable
from shared.kernel.people import Actor
from shared.observability.http import bind_site
from shared.web.access import Access, Medium
from shared.web.pages import sign_in
from shared.web.pages.csrf import check_anonymous, check_signed_in
from shared.web.pages.page import go_to
from shared.web.reading import check_query, read_body, read_form_body
from shared.web.tokens import PublicKeys

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

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

    def check(self) -> Response | None:
        """Let the request in (None), or send it through intake first, to renew a sign-in that is about to end.

        Raises Unauthenticated, Forbidden, Unreadable, Invalid, or werkzeug's 413 and 415.
        """
        # the request itself: through its proxy each look costs ten times as much
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        rule, method = asked.url_rule, asked.method
        if rule is None or method == "OPTIONS":
            return None  # no such address, or which methods it takes: Flask answers, with nothing of anybody's in it
        access = self._table.get(route_of(method, rule.rule))
        if access is None:
            raise Forbidden("Nobody may call this.")
        g.medium = access.medium
        if access.roles is not None:
            g.actor = actor = self._who_asks(asked)
            bind_site(actor.sites)
            if actor.roles.isdisjoint(access.roles):
                raise Forbidden("Your role may not do this.")
        elif access.medium is Medium.HTML and method in _CHANGING:
            self._check_anybodys_form(asked)
        check_query(asked)
        if method in {"POST", "PUT", "PATCH"}:
            (read_form_body if access.medium is Medium.HTML else read_body)(asked)
        return _renewal(asked) if access.medium is Medium.HTML and "sign_in" in g else None

    def _check_anybodys_form(self, asked: Request) -> None:
        """Such a form may stand on a page of somebody signed in (the demo's clock): it then carries their secret."""
        if sign_in.COOKIE in asked.cookies:
            with suppress(Unauthenticated, Unavailable, Forbidden):
                check_signed_in(asked, sign_in.read(asked, self._keys).csrf)
                return
        check_anonymous(asked)

    def _who_asks(self, asked: Request) -> Actor:
        """A token's bearer, or whoever signed in at this browser, who must then prove that a change is theirs."""
        if "Authorization" in asked.headers or sign_in.COOKIE not in asked.cookies:
            return self._keys.actor_of(_bearer(asked))
        found = sign_in.read(asked, self._keys)
        if asked.method in _CHANGING:
            check_signed_in(asked, found.csrf)
        g.sign_in = found
        return found.actor


def _renewal(asked: Request) -> Response | None:
    """For a page without script, which can't ask for its renewal by itself; with script the page asks in time."""
    plain_page = asked.method == "GET" and "HX-Request" not in asked.headers and asked.path != sign_in.RENEWAL
    if not plain_page or g.sign_in.left >= sign_in.RENEW_BELOW:
        return None
    return go_to(f"{sign_in.RENEWAL}?next={quote(asked.full_path.rstrip('?'))}")


def _bearer(asked: Request) -> str:
    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send a bearer token in the Authorization header.")
    return token.strip()
