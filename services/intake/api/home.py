"""`/`: the page one works in, or the sign-in; `keys`: intake's public keys, for services that verify its tokens."""

from flask import Blueprint, Response, jsonify, request

from shared.kernel.errors import Unauthenticated, Unavailable
from shared.web import context
from shared.web.deps import ServiceDeps
from shared.web.pages import sign_in
from shared.web.pages.page import go_to, home_of

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> Response:
    try:
        found = sign_in.read(request, context.deps(ServiceDeps).public_keys)
    except (Unauthenticated, Unavailable):
        return go_to("/intake/sign-in")
    return go_to(home_of(found.actor))


@blueprint.get("/intake/v1/keys")
def keys() -> Response:
    """The JWK set; 503 while intake has none at hand."""
    found = context.deps(ServiceDeps).public_keys.as_key_set()
    if not found["keys"]:
        raise Unavailable("There are no public keys yet.")
    return jsonify(found)
