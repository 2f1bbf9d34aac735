"""What an operator does, from the API or from the page: each is entered in the audit, in the act's own transaction."""

from typing import Any
from uuid import UUID

from shared.kernel.clock import machine_now
from shared.kernel.ids import new_id
from shared.messaging import mending, replays
from shared.messaging.discarded import Discarded
from shared.messaging.mending import GivenUp
from shared.messaging.parked_lines import ParkedHead, ParkedId, find
from shared.messaging.replays import Replay, Wanted
from shared.operations.looking import consumed_topic
from shared.store import audit
from shared.web import context
from shared.web.deps import ServiceDeps


def retry(place: ParkedId) -> ParkedHead:
    """Raises NotFound, WrongState."""
    session, service = context.uow().session, context.deps(ServiceDeps).service
    mending.retry_now(session, service, place, at=machine_now())
    head = find(session, service, place)
    _enter("parked-event-retried", place, head.event_id)
    return head


def discard(place: ParkedId, what: GivenUp, reason: str) -> Discarded:
    """Raises NotFound, WrongState."""
    deps = context.deps(ServiceDeps)
    given_up = mending.discard(
        context.uow().session,
        deps.service,
        place,
        what,
        why=reason,
        by=context.actor().subject,
        at=machine_now(),
        sealer=deps.sealer,
    )
    _enter(f"parked-{what}-discarded", place, given_up.event_id or "never arrived")
    return given_up


def order_replay(body: dict[str, Any]) -> Replay:
    """Raises Invalid."""
    service = context.deps(ServiceDeps).service
    key = body["key"]
    wanted = Wanted(**body | {"topic": consumed_topic(service, body["topic"]), "key": str(key) if key else None})
    ordered = replays.order(
        context.uow().session, service, new_id(), wanted, by=context.actor().subject, at=machine_now()
    )
    audit.wrote(
        context.uow(),
        "replay-ordered",
        at=context.now(),
        patient_id=key,
        record_id=ordered.replay_id,
        site_id=None,
    )
    return ordered


def _enter(action: str, place: ParkedId, event_id: str) -> None:
    audit.wrote(
        context.uow(), action, at=context.now(), patient_id=_patient_id(place), record_id=event_id[:64], site_id=None
    )


def _patient_id(place: ParkedId) -> UUID | None:
    try:
        return UUID(place.key)
    except ValueError:
        return None
