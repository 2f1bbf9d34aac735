"""One page: its frame, its words, and the headers that keep strangers' scripts out of it."""

import gzip
import secrets
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, current_app, g, redirect, render_template, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from shared.kernel.clock import DemoClock
from shared.kernel.people import Actor, Role
from shared.kernel.sites import Site
from shared.web import context
from shared.web.access import Medium
from shared.web.deps import ServiceDeps
from shared.web.page_access import page_table
from shared.web.pages import assets, csrf, sign_in, words
from shared.web.pages.forms import Typed
from shared.web.pages.sign_in import SignIn

TEMPLATES = Path(__file__).parents[1] / "templates"
ROLE_WORDS = {
    Role.FRONT_DESK: "Front desk",
    Role.NURSE: "Nurse",
    Role.THERAPIST: "Therapist",
    Role.PRESCRIBER: "Prescriber",
    Role.MEDICAL_DIRECTOR: "Medical director",
    Role.OPERATIONS: "Operations",
    Role.PRIVACY_OFFICER: "Privacy officer",
}
_NAVIGATION = (
    ("Today", "/intake/today"),
    ("Recovery", "/discharge/recovery"),
    ("Windows", "/integration/windows"),
    # each service lists what it asks; a reader's own page is the first that they may open
    ("To do", "/discharge/tasks"),
    ("To do", "/integration/tasks"),
    ("Boosters", "/intake/boosters"),
    ("Escalations", "/maintenance/escalations"),
    ("Patients", "/intake/patients"),
    ("Audit", "/intake/audit"),
    ("Operations", "/intake/operations"),
)
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_WORTH_PACKING = 1400


def install(app: Flask, service: str) -> None:
    """Give `app` the frame's templates and words, and the assets that its pages load."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.globals.update(
        icon=icon, asset=lambda name: f"/{service}/assets/{assets.asset(name).served_as}", count=words.count
    )
    app.context_processor(_frame)
    # nobody's page yet: a part drawn for everybody (a live board's) carries no secret; `Board.on_page` puts it in
    app.jinja_env.globals.update(csrf_field=lambda: csrf.UNSIGNED)
    made: Blueprint = assets.blueprint()
    app.register_blueprint(made, url_prefix=f"/{service}")


def page(template: str, *, status: int = 200, **shown: Any) -> Response:
    """`template` as a whole page; `shown` beside what every page knows."""
    return Response(csrf.signed(render_template(template, **shown)), status, mimetype="text/html")


def go_to(path: str) -> Response:
    """See `path` next (303): what was posted isn't sent again by a reload."""
    return current_app.make_response(redirect(path, 303))


def finish(answer: Response) -> Response:
    """Lock the page down and pack it; for every answer in HTML."""
    if answer.mimetype != "text/html":
        return answer
    answer.headers["Content-Security-Policy"] = _POLICY.format(nonce=_nonce())
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    csrf.keep_anonymous(answer)
    if "gzip" in request.headers.get("Accept-Encoding", "") and not answer.is_streamed:
        body = answer.get_data()
        if len(body) >= _WORTH_PACKING:
            answer.set_data(gzip.compress(body, 4, mtime=0))
            answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding, Cookie, HX-Request"
    return answer


def speaks_html() -> bool:
    """Whether this request is a person's: a page, or an address that is none, asked for by a browser."""
    if "medium" in g:
        return bool(g.medium is Medium.HTML)
    return request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"


def to_sign_in() -> Response:
    """Where somebody goes who isn't signed in: the sign-in page, and back here afterwards."""
    back = request.full_path.rstrip("?") if request.method == "GET" else _came_from()
    return go_to(f"/intake/sign-in?next={quote(back)}")


def own_path(text: str, otherwise: str = "/") -> str:
    """`text` when it is a path of this origin; anything that might lead elsewhere becomes `otherwise`."""
    parts = urlsplit(text)
    fits = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return text if fits and text.isprintable() else otherwise


def the_site() -> Site:
    """The site whose desk this is: the sign-in's; a bearer's only, or first."""
    sites = context.deps(ServiceDeps).sites
    found = g.get("sign_in")
    asked = found.site_id if found else next((s for s in sorted(context.actor().sites) if s in sites), None)
    return sites[context.own_site(asked or "")]


def zone() -> ZoneInfo:
    return the_site().zone


def may(route: str, actor: Actor) -> bool:
    """Whether `actor` may call `route` ("GET /intake/today") of any service."""
    access = page_table(route.split("/")[1]).get(route)
    return access is not None and (access.roles is None or not actor.roles.isdisjoint(access.roles))


def who_may(route: str) -> list[str]:
    """The roles that `route` is open to, in words; empty for one that nobody may call."""
    access = page_table(route.split("/")[1]).get(route)
    return [words for role, words in ROLE_WORDS.items() if access and access.roles and role in access.roles]


def home_of(actor: Actor) -> str:
    """The page that this person works in: the first that their role may open, a nurse's the recovery board."""
    if Role.NURSE in actor.roles:
        return "/discharge/recovery"
    return next((path for _, path in _NAVIGATION if may(f"GET {path}", actor)), "/intake/sign-in")


def _came_from() -> str:
    parts = urlsplit(request.referrer or "")
    return own_path(parts.path + (f"?{parts.query}" if parts.query else "")) if parts.netloc == request.host else "/"


def _nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _frame() -> dict[str, Any]:
    """What base.html shows on every page."""
    deps = context.deps(ServiceDeps)
    actor: Actor | None = g.get("actor")
    found: SignIn | None = g.get("sign_in")
    site = the_site() if actor is not None and actor.sites & deps.sites.keys() else None
    secret = found.csrf if found else csrf.anonymous_secret(request)
    token = csrf.masked(secret)
    # a refused form's address can only be posted to: the page it stands on is where its sender is
    here = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else _came_from()
    return {
        "service": deps.service,
        "me": actor,
        "role_words": ", ".join(ROLE_WORDS[r] for r in sorted(actor.roles) if r in ROLE_WORDS) if actor else "",
        "site": site,
        "zone": site.zone if site else None,
        "my_sites": _sites_of(actor, deps) if actor else [],
        "now": context.now(),
        "demo": isinstance(deps.clock, DemoClock),
        "navigation": _rooms(actor, here.partition("?")[0]) if actor else [],
        "may": (lambda route: may(route, actor)) if actor else (lambda route: False),
        "here": here,
        "at": here.partition("?")[0],
        "nonce": _nonce(),
        "csrf_token": token,
        "csrf_field": lambda: Markup('<input type="hidden" name="csrf_token" value="{}">').format(token),
        "once": lambda: Markup('<input type="hidden" name="once" value="{}">').format(secrets.token_urlsafe(12)),
        "idle_seconds": int(sign_in.LASTS.total_seconds()) if found else 0,
        "blank": Typed(),
    }


def _rooms(actor: Actor, at: str) -> list[tuple[str, str, bool]]:
    """What the navigation offers: label, path, and whether that is where the reader is."""
    mine: dict[str, list[str]] = {}
    for label, path in _NAVIGATION:
        if may(f"GET {path}", actor):
            mine.setdefault(label, []).append(path)
    return [(label, paths[0], any(f"{at}/".startswith(f"{p}/") for p in paths)) for label, paths in mine.items()]


def _sites_of(actor: Actor, deps: ServiceDeps) -> list[Site]:
    return [deps.sites[site_id] for site_id in sorted(actor.sites) if site_id in deps.sites]


# a board has two hundred of them, and only some dozens differ
@cache
def icon(name: str, words: str = "") -> Markup:
    """An icon; `words` for those who can't see it, when no word stands beside it.

    Drawn in place: what refers to a file of symbols is built a second time, with all the page's icons, when that comes.
    """
    label = Markup('role="img" aria-label="{}"').format(words) if words else Markup('aria-hidden="true"')
    drawn = Markup('<svg class="icon" viewBox="0 0 24 24" {}><path d="{}"/></svg>')
    return drawn.format(label, assets.icon_path(name))


def local_now() -> datetime:
    return context.now().astimezone(zone())
