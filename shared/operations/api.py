"""The operators' API, the same in every service: how it stands, what is parked or sealed, what travels, what to do.

Ids, codes, places and counts only; what an event says is never answered.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from shared.kernel.clock import machine_now
from shared.kernel.errors import NotFound
from shared.messaging import discarded, parked_lines, replays
from shared.messaging.parked_lines import ParkedHead, ParkedId
from shared.operations import acts, looking, schemas, views
from shared.operations.deps import OperatedDeps
from shared.operations.problems import problems
from shared.operations.standing import read_held_up, read_standing
from shared.operations.states import StandingRules
from shared.web import context
from shared.web.fields import Body
from shared.web.paging import answer_page

_Row = TypeVar("_Row")


def blueprint() -> Blueprint:
    """A fresh blueprint for one app: four apps of one process can't share one."""
    made = Blueprint("operations", __name__, description="How events travel, what is held back, and mending it.")

    @made.before_request
    def know_the_id() -> None:
        if "parked_id" in (request.view_args or {}):
            ParkedId.parse(str((request.view_args or {})["parked_id"]))  # 404 before the body is looked at

    _look(made)
    _mend(made)
    _replay(made)
    return made


def _look(made: Blueprint) -> None:
    @made.route("/standing", methods=["GET"])
    @made.response(200, schemas.StandingView)
    def show_standing() -> dict[str, Any]:
        """How this service's consumers and outbox stand, and what is wrong, worst first."""
        session, service = context.uow().session, _service()
        standing = read_standing(session, service, StandingRules(), now=machine_now())
        return views.standing_view(standing, problems(standing, StandingRules()))

    @made.route("/events", methods=["GET"])
    @made.arguments(schemas.TailQuery, location="query")
    @made.response(200, schemas.RecordPage)
    def look_at_events(query: dict[str, Any]) -> dict[str, Any]:
        """The newest records of a topic that this service consumes, or those after `cursor`; redacted."""
        deps = context.deps(OperatedDeps)
        topic = looking.consumed_topic(deps.service, query["topic"])
        found = looking.look(deps.log, topic, after=query["cursor"], limit=query["limit"])
        context.open_board("events-opened", context.actor().sites)
        return {"items": [looking.shown(record) for record in found.records], "next": found.after}

    @made.route("/quarantine", methods=["GET"])
    @made.arguments(schemas.ListQuery, location="query")
    @made.response(200, schemas.QuarantinePage)
    def list_quarantine(query: dict[str, Any]) -> dict[str, Any]:
        """Records that are no readable event, newest first; their bytes stay sealed."""
        return _listed(query, parked_lines.quarantined, attrgetter("quarantine_id"), views.quarantine_view)

    @made.route("/quarantine/<int:quarantine_id>", methods=["GET"])
    @made.response(200, schemas.QuarantineView)
    def show_quarantined(quarantine_id: int) -> dict[str, Any]:
        """Where one sealed record came from, and why it can't be read."""
        service = _service()
        return views.quarantine_view(
            parked_lines.find_quarantined(context.uow().session, service, quarantine_id), service
        )


def _mend(made: Blueprint) -> None:
    @made.route("/parked", methods=["GET"])
    @made.arguments(schemas.ListQuery, location="query")
    @made.response(200, schemas.ParkedPage)
    def list_parked(query: dict[str, Any]) -> dict[str, Any]:
        """The heads of parked lines, oldest first; each holds back one patient's events of one topic."""
        page = _listed(query, parked_lines.heads, attrgetter("number"), _parked_view())
        context.open_board("parked-opened", context.actor().sites)
        return page

    @made.route("/parked/<parked_id>", methods=["GET"])
    @made.response(200, schemas.ParkedWhole)
    def show_parked(parked_id: str) -> dict[str, Any]:
        """The head of one parked line, redacted: the names of its fields, and none of their values."""
        service = _service()
        head = parked_lines.find(context.uow().session, service, ParkedId.parse(parked_id))
        context.audit_read("parked-read", patient_id=None, record_id=head.event_id[:64], site_id=None)
        return _parked_view()(head, service)

    @made.route("/parked/<parked_id>/retry", methods=["POST"])
    @made.arguments(Body)
    @made.response(200, schemas.ParkedWhole)
    def retry(_: dict[str, Any], parked_id: str) -> dict[str, Any]:
        """Try it again at once, dead or not; safe to repeat."""
        return _parked_view()(acts.retry(ParkedId.parse(parked_id)), _service())

    @made.route("/parked/<parked_id>/discard", methods=["POST"])
    @made.arguments(schemas.Discard)
    @made.response(200, schemas.DiscardedView)
    def discard(body: dict[str, Any], parked_id: str) -> dict[str, Any]:
        """Give up this event, or those missing before it. This service never sees it; the rest of its line goes on."""
        given_up = acts.discard(ParkedId.parse(parked_id), body["what"], body["reason"])
        return views.discarded_view(given_up, _service())

    @made.route("/discarded", methods=["GET"])
    @made.arguments(schemas.ListQuery, location="query")
    @made.response(200, schemas.DiscardedPage)
    def list_discarded(query: dict[str, Any]) -> dict[str, Any]:
        """What was given up, by whom and why, newest first; the events themselves are kept sealed."""
        return _listed(query, discarded.newest, attrgetter("discarded_id"), views.discarded_view)


def _replay(made: Blueprint) -> None:
    @made.route("/replays", methods=["POST"])
    @made.arguments(schemas.ReplayOrder)
    @made.response(201, schemas.ReplayView)
    def order_replay(body: dict[str, Any]) -> dict[str, Any]:
        """Have a topic read again, by the same path as live traffic; what was applied before is not applied again."""
        return views.replay_view(acts.order_replay(body), _service())

    @made.route("/replays", methods=["GET"])
    @made.arguments(schemas.ListQuery, location="query")
    @made.response(200, schemas.ReplayPage)
    def list_replays(query: dict[str, Any]) -> dict[str, Any]:
        """Replays, newest first."""
        return _listed(query, replays.newest, attrgetter("number"), views.replay_view)

    @made.route("/replays/<uuid:replay_id>", methods=["GET"])
    @made.response(200, schemas.ReplayView)
    def show_replay(replay_id: UUID) -> dict[str, Any]:
        """How far a replay is, and what it came to."""
        found = replays.find(context.uow().session, _service(), replay_id)
        if found is None:
            raise NotFound("There is no such replay.")
        return views.replay_view(found, _service())


def _parked_view() -> Callable[[ParkedHead, str], dict[str, Any]]:
    held_up = read_held_up(context.uow().session, StandingRules(), now=machine_now())
    return lambda head, service: views.parked_view(head, service, held_up(head.place.topic))


def _listed(
    query: dict[str, Any],
    fetch: Callable[..., list[_Row]],
    position: Callable[[_Row], int],
    view: Callable[[_Row, str], dict[str, Any]],
) -> dict[str, Any]:
    """A page of one of this service's lists, which is read by the running number that `position` takes of a row."""
    session, service = context.uow().session, _service()
    page = answer_page(
        query, lambda beyond, limit: fetch(session, service, beyond=beyond, limit=limit), position=position
    )
    return page | {"items": [view(row, service) for row in page["items"]]}


def _service() -> str:
    return context.deps(OperatedDeps).service
