"""`/demo/clock`: read and move the demo's one clock. There is no such address outside the demo."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from marshmallow import ValidationError, fields, validate, validates_schema
from webargs.flaskparser import use_args

from shared.contracts.fields import instant_text
from shared.kernel.clock import DemoClock
from shared.kernel.errors import FieldError, Invalid, NotFound
from shared.web import context
from shared.web.deps import ServiceDeps
from shared.web.fields import Body, Instant

MOVE_CLOCK = "afterglow.move_clock"
_LONGEST_MOVE = timedelta(days=366)

blueprint = Blueprint("demo", __name__)


class ClockMove(Body):
    advance_seconds = fields.Float(validate=validate.Range(0, _LONGEST_MOVE.total_seconds()))
    to = Instant()

    @validates_schema
    def one_of_both(self, body: dict[str, Any], **_: Any) -> None:
        if len(body) != 1:
            raise ValidationError("Give either advance_seconds or to.")


@blueprint.get("/demo/clock")
def read_clock() -> Response:
    return _answer(_clock().now())


@blueprint.post("/demo/clock")
@use_args(ClockMove, location="json")
def move_clock(body: dict[str, Any]) -> Response:
    """Move forward and answer once what was due by then is done.

    Where the workers are other processes (Compose) it answers once the clock is written; poll for effects there.
    """
    clock = _clock()
    now = clock.now()
    target: datetime = body["to"] if "to" in body else now + timedelta(seconds=body["advance_seconds"])
    if target < now:
        raise Invalid(FieldError("/to", f"The clock stands at {instant_text(now)} and never goes backwards."))
    if target - now > _LONGEST_MOVE:
        raise Invalid(FieldError("/to", f"Move at most {_LONGEST_MOVE.days} days at once."))
    return _answer(_move_to(target))


def move(by: timedelta) -> None:
    """The same for the banner's buttons."""
    _move_to(_clock().now() + by)


def _move_to(target: datetime) -> datetime:
    mover: Callable[[datetime], datetime] = current_app.extensions.get(MOVE_CLOCK, _clock().move_to)
    return mover(target)


def _clock() -> DemoClock:
    clock = context.deps(ServiceDeps).clock
    if not isinstance(clock, DemoClock):
        raise NotFound("There is nothing at this address.")
    return clock


def _answer(now: datetime) -> Response:
    return jsonify({"now": instant_text(now)})
