"""Operations: is anything stuck, since when, who is held back? Each service draws its own part; any may fail alone."""

from pathlib import Path

from flask import Blueprint, Response, request

from services.intake.pages.runbook import sections_of
from shared.kernel.errors import NotFound
from shared.operations.problems import Runbook
from shared.web.pages.page import page

blueprint = Blueprint("operations_page", __name__, template_folder="templates")

RUNBOOKS = Path(__file__).parents[3] / "docs" / "runbooks"
_SERVICES = ("intake", "discharge", "integration", "maintenance")
_DONE = {
    "retried": "It is tried again at once. What comes of it shows below within seconds.",
    "retried-later": "It is tried as soon as this service’s worker reads the topic again, which it doesn’t just now.",
    "discarded": "It is given up, and kept sealed with your reason. The rest of its line goes on.",
}


@blueprint.get("/operations")
def show() -> Response:
    return page("intake/operations.html", services=_SERVICES, done=_DONE.get(request.args.get("done", "")))


@blueprint.get("/operations/runbooks/<name>")
def show_runbook(name: str) -> Response:
    """A runbook as it stands in docs/runbooks."""
    if name not in list(Runbook):
        raise NotFound("There is no such runbook.")
    title, _, text = (RUNBOOKS / f"{name}.md").read_text().partition("\n")
    return page("intake/runbook.html", title=title.removeprefix("# "), sections=sections_of(text))
