"""The intake service's HTTP app."""

from services.intake.api import (
    boards,
    booster_tasks,
    boosters,
    courses,
    demo,
    escort_labels,
    home,
    patients,
    sessions,
    sites,
)
from services.intake.deps import Deps
from services.intake.pages import PAGES
from shared.operations import api, pages
from shared.web.app import ServiceApp, build_app

_BLUEPRINTS = (
    sites.blueprint,
    patients.blueprint,
    escort_labels.blueprint,
    courses.blueprint,
    sessions.blueprint,
    boards.blueprint,
    boosters.blueprint,
    booster_tasks.blueprint,
)


def create_app(deps: Deps) -> ServiceApp:
    app = build_app(
        deps,
        (*_BLUEPRINTS, api.blueprint()),
        title="Afterglow intake",
        pages=(*PAGES, pages.blueprint()),
    )
    app.register_blueprint(demo.blueprint)
    app.register_blueprint(home.blueprint)
    return app
