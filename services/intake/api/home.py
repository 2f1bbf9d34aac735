"""`/`: where a newcomer lands; `keys`: intake's public keys, for services that verify its tokens."""

from flask import Blueprint, Response, jsonify, render_template_string

from shared.kernel.errors import Unavailable
from shared.web import context
from shared.web.deps import ServiceDeps

blueprint = Blueprint("home", __name__)

_HOME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Afterglow</title>
<h1>Afterglow</h1>
<p>What happens after a session: recovery, going home, integration and boosters.</p>
<ul>
{% for name in services %}<li><a href="/{{ name }}/v1/docs">{{ name }}: API</a></li>
{% endfor %}</ul>
<p><a href="/readyz">Is everything ready?</a></p>
</html>
"""
_SERVICES = ("intake", "discharge", "integration", "maintenance")


@blueprint.get("/")
def home() -> Response:
    return Response(render_template_string(_HOME, services=_SERVICES), mimetype="text/html")


@blueprint.get("/intake/v1/keys")
def keys() -> Response:
    """The JWK set; 503 while intake has none at hand."""
    found = context.deps(ServiceDeps).public_keys.as_key_set()
    if not found["keys"]:
        raise Unavailable("There are no public keys yet.")
    return jsonify(found)
