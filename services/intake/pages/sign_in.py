"""Sign-in: who am I, where? In the demo by choosing; intake alone signs and renews, all four services read."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, request
from marshmallow import fields, validate

from services.intake.deps import Deps
from services.intake.domain.staff import DEMO_STAFF, Person
from shared.kernel.errors import FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from shared.kernel.people import Actor, Role
from shared.web import context
from shared.web.fields import Body
from shared.web.pages import sign_in
from shared.web.pages.forms import Typed, parsed
from shared.web.pages.page import ROLE_WORDS, go_to, home_of, own_path, page

blueprint = Blueprint("sign_in", __name__, template_folder="templates")

_A_YEAR = timedelta(days=365)
# those who answer for the whole network see all of its sites; the others work where they signed in
_EVERYWHERE = frozenset({Role.PRESCRIBER, Role.MEDICAL_DIRECTOR, Role.OPERATIONS, Role.PRIVACY_OFFICER})


class Choice(Body):
    role = fields.String(
        required=True,
        validate=validate.OneOf([role.value for role in DEMO_STAFF], error="Choose one of the roles."),
        error_messages={"required": "Choose who you are."},
    )
    site_id = fields.String(required=True, error_messages={"required": "Choose where you are."})
    next = fields.String()


@blueprint.get("/sign-in")
def show() -> Response:
    return _form(Typed(request.args))


@blueprint.post("/sign-in")
def choose() -> Response:
    """Sign in as one of the demo's people. Production signs in otherwise, and has no such form."""
    deps = context.deps(Deps)
    if not deps.demo_sign_in:
        raise NotFound("There is nothing at this address.")
    try:
        choice: dict[str, Any] = parsed(Choice, zone=_any_zone(), now=context.now())
        if choice["site_id"] not in deps.sites:
            raise Invalid(FieldError("/site_id", "Choose one of the sites."))
    except Invalid as error:
        return _form(Typed.refused(error), status=422)
    person = DEMO_STAFF[Role(choice["role"])]
    actor = _actor(person, choice["site_id"])
    answer = go_to(_after(choice.get("next", ""), actor))
    _sign(answer, actor, choice["site_id"], csrf=sign_in.new_secret())
    return answer


@blueprint.post("/sign-out")
def leave() -> Response:
    answer = go_to("/intake/sign-in")
    sign_in.clear(answer)
    return answer


@blueprint.get("/sign-in/renewal")
def renew_and_go_back() -> Response:
    """A step through intake for pages without script; a renewal changes nothing but how long it lasts."""
    answer = go_to(own_path(request.args.get("next", "/")))
    _renew(answer)
    return answer


@blueprint.post("/sign-in/renewal")
def renew() -> Response:
    """What a page asks for every few minutes while somebody works in it."""
    answer = Response(status=204)
    _renew(answer)
    return answer


@blueprint.post("/sign-in/site")
def change_site() -> Response:
    """Work at another of one's own sites."""
    found: sign_in.SignIn = g.sign_in
    site_id = context.own_site(request.form.get("site_id", ""))
    answer = go_to(own_path(request.form.get("next", "/")))
    _sign(answer, found.actor, site_id, csrf=found.csrf)
    return answer


@blueprint.post("/sign-in/toured")
def toured() -> Response:
    """The notes for the first time have been read at this browser."""
    answer = go_to(own_path(request.form.get("next", "/")))
    answer.set_cookie("afterglow_toured", "yes", max_age=_A_YEAR, path="/", httponly=True, samesite="Lax")
    return answer


def _form(typed: Typed, *, status: int = 200) -> Response:
    deps, now = context.deps(Deps), context.now()
    sites = [(site, now.astimezone(site.zone)) for site in deps.sites.values()]
    template = "intake/sign_in.html" if deps.demo_sign_in else "intake/no_sign_in.html"
    return page(template, status=status, typed=typed, people=list(DEMO_STAFF.values()), sites=sites, words=ROLE_WORDS)


def _actor(person: Person, site_id: str) -> Actor:
    return person.at(context.deps(Deps).sites.keys() if person.role in _EVERYWHERE else {site_id})


def _renew(answer: Response) -> None:
    """Only who still works here is renewed: whoever was put out of the staff list is out at the next renewal."""
    found: sign_in.SignIn | None = g.get("sign_in")
    if found is None:
        raise Unauthenticated("Sign in first.")
    if not any(person.subject == found.actor.subject for person in DEMO_STAFF.values()):
        raise Forbidden("This account may no longer sign in.")
    _sign(answer, found.actor, found.site_id, csrf=found.csrf)


def _sign(answer: Response, actor: Actor, site_id: str, *, csrf: str) -> None:
    deps = context.deps(Deps)
    if deps.signing is None:
        raise NotFound("Nobody can sign in on this server: it has no signing key.")
    key = deps.signing
    sign_in.write(answer, actor, site_id, csrf=csrf, key=key.key, key_id=key.key_id, secure=not deps.demo_sign_in)


def _after(asked: str, actor: Actor) -> str:
    wanted = own_path(asked, "")
    return wanted if wanted not in {"", "/"} else home_of(actor)


def _any_zone() -> Any:
    return next(iter(context.deps(Deps).sites.values())).zone
