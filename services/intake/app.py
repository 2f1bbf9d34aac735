"""The intake service's HTTP app."""

from services.intake.deps import Deps
from shared.web.app import ServiceApp, build_app

_BLUEPRINTS = ()


def create_app(deps: Deps) -> ServiceApp:
    return build_app(deps, _BLUEPRINTS, title="Afterglow intake")
