"""The three buttons of the demo's banner: an hour, a day, four weeks on."""

from datetime import timedelta

from flask import Blueprint, Response, request

from services.intake.api.demo import move
from shared.kernel.errors import FieldError, Invalid
from shared.web.pages.page import go_to, own_path

_STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "four-weeks": timedelta(weeks=4)}

blueprint = Blueprint("demo_clock", __name__)


@blueprint.post("/demo-clock")
def move_on() -> Response:
    """Move the demo's clock forward, and come back to the page once what was due by then is done."""
    step = _STEPS.get(request.form.get("step", ""))
    if step is None:
        raise Invalid(FieldError("/step", f"Must be one of {', '.join(_STEPS)}."))
    move(step)
    return go_to(own_path(request.form.get("next", "/")))
