"""`sites`: the chairs one can book."""

from typing import Any

from flask_smorest import Blueprint

from services.intake.api.answers import SitePage
from services.intake.deps import Deps
from shared.web import context
from shared.web.paging import Asked

blueprint = Blueprint("sites", __name__, description="Sites and their chairs.")


@blueprint.route("/sites", methods=["GET"])
@blueprint.arguments(Asked, location="query")
@blueprint.response(200, SitePage)
def list_sites(_: dict[str, Any]) -> dict[str, Any]:
    """The token's sites, with time zones and chairs."""
    sites, asked = context.deps(Deps).sites, context.requested_sites()
    return {"items": [sites[site_id] for site_id in sorted(sites) if site_id in asked], "next": None}
