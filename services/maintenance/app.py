"""The maintenance service's HTTP app."""

from services.maintenance.api import assessments, escalations, lifestyle, plans, threads
from services.maintenance.deps import Deps
from services.maintenance.pages import PAGES
from shared.operations import api, pages
from shared.web.app import ServiceApp, build_app

_BLUEPRINTS = (
    assessments.blueprint,
    plans.blueprint,
    escalations.blueprint,
    lifestyle.blueprint,
    threads.blueprint,
)


def create_app(deps: Deps) -> ServiceApp:
    return build_app(
        deps, (*_BLUEPRINTS, api.blueprint()), title="Afterglow maintenance", pages=(*PAGES, pages.blueprint())
    )
