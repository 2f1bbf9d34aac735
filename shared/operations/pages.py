"""A service's part of the Operations page, and what an operator does there; intake's page joins the four.

The part is drawn alone when the page's script asks for it, and as a page of its own for whoever comes without script.
"""

from flask import Blueprint, Response

from shared.kernel.clock import machine_now
from shared.messaging import parked_lines
from shared.messaging.discarded import LONGEST_WHY
from shared.messaging.parked_lines import ParkedId
from shared.operations import acts, rows
from shared.operations.problems import problems, words
from shared.operations.schemas import Discard
from shared.operations.standing import read_held_up, read_standing
from shared.operations.states import StandingRules
from shared.web import context
from shared.web.deps import ServiceDeps
from shared.web.fields import Body
from shared.web.pages.forms import Typed, attempt, parsed
from shared.web.pages.page import page, zone
from shared.web.pages.section import asked_for_alone

_MOST_SHOWN = 50
_HOME = "/intake/operations"


def blueprint() -> Blueprint:
    """A fresh blueprint for one app: four apps of one process can't share one."""
    made = Blueprint("bus", __name__, template_folder="templates")

    @made.get("/bus")
    def show() -> Response:
        context.open_board("operations-opened", context.actor().sites)
        return _part(Typed())

    @made.post("/bus/parked/<parked_id>/retry")
    def retry(parked_id: str) -> Response:
        def act() -> str:
            parsed(Body, zone=zone(), now=context.now())
            head = acts.retry(ParkedId.parse(parked_id))
            held_up = read_held_up(context.uow().session, StandingRules(), now=machine_now())(head.place.topic)
            return f"{_HOME}?done={'retried-later' if held_up else 'retried'}"

        return attempt(act, again=lambda typed: _part(typed, opened=parked_id))

    @made.post("/bus/parked/<parked_id>/discard")
    def discard(parked_id: str) -> Response:
        def act() -> str:
            typed = parsed(Discard, zone=zone(), now=context.now())
            acts.discard(ParkedId.parse(parked_id), typed["what"], typed["reason"])
            return f"{_HOME}?done=discarded"

        return attempt(act, again=lambda typed: _part(typed, opened=parked_id))

    return made


def _part(typed: Typed, *, opened: str = "") -> Response:
    session, service = context.uow().session, context.deps(ServiceDeps).service
    at, rules = machine_now(), StandingRules()
    standing = read_standing(session, service, rules, now=at)
    held_up = read_held_up(session, rules, now=at)
    found = parked_lines.heads(session, service, beyond=None, limit=_MOST_SHOWN)
    sealed = parked_lines.quarantined(session, service, beyond=None, limit=_MOST_SHOWN)
    return page(
        "operations/bus.html" if asked_for_alone() else "operations/bus_page.html",
        typed=typed,
        opened=opened,
        standing=standing,
        problems=problems(standing, rules),
        parked=[rows.parked_row(head, service, held_up(head.place.topic), now=at) for head in found],
        sealed=[(record, words(at - record.received_at)) for record in sealed],
        longest=rows.longest_lag(standing.consumers),
        rows=rows,
        longest_why=LONGEST_WHY,
        at=at,
    )
