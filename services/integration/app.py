"""The integration service's HTTP app."""

from services.integration.api import action_steps, journals, kap_appointments, psychotherapy_notes, tasks, windows
from services.integration.deps import Deps
from services.integration.pages import PAGES
from shared.operations import api, pages
from shared.web.app import ServiceApp, build_app

_BLUEPRINTS = (
    windows.blueprint,
    journals.blueprint,
    kap_appointments.blueprint,
    psychotherapy_notes.blueprint,
    action_steps.blueprint,
    tasks.blueprint,
)


def create_app(deps: Deps) -> ServiceApp:
    return build_app(
        deps, (*_BLUEPRINTS, api.blueprint()), title="Afterglow integration", pages=(*PAGES, pages.blueprint())
    )
