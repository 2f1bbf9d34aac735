"""The discharge service's HTTP app."""

from services.discharge.api import driving_restrictions, going_home, leaving, observations, recoveries, tasks
from services.discharge.deps import Deps
from services.discharge.pages import PAGES
from shared.operations import api, pages
from shared.web.app import ServiceApp, build_app

_BLUEPRINTS = (
    recoveries.blueprint,
    observations.blueprint,
    going_home.blueprint,
    leaving.blueprint,
    driving_restrictions.blueprint,
    tasks.blueprint,
)


def create_app(deps: Deps) -> ServiceApp:
    return build_app(
        deps, (*_BLUEPRINTS, api.blueprint()), title="Afterglow discharge", pages=(*PAGES, pages.blueprint())
    )
