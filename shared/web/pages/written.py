"""Whether something of a patient was written: what an open page of that patient asks each service every two seconds.

The page's parts are each reader's own, so they can't be drawn once for all who watch, as a board is. A line held open
to each of four services would take four of the six that a browser has for one origin; so the page asks, and reads
again only the parts of a service that answers otherwise than before. The answer says how often something was written,
never what; asking leaves no audit entry, reading the parts does.
"""

from flask import Blueprint, Response

from shared.store import audit
from shared.web import context
from shared.web.pages.asked import asked_id


def blueprint() -> Blueprint:
    """A fresh blueprint for one app: four apps of one process can't share one."""
    made = Blueprint("written", __name__)

    @made.get("/written")
    def show() -> Response:
        """How many changes of `?patient_id=` stand here at the reader's sites; 0 as well for whom they may not see."""
        patient_id, actor = asked_id("patient_id"), context.actor()
        found = audit.writes_of(context.uow().session, patient_id, sites=actor.sites) if patient_id else 0
        return Response(str(found), mimetype="text/plain")

    return made
