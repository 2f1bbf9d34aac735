"""HTTP shapes of the operators' API. Ids, codes, places and counts; never what an event says."""

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.messaging.discarded import LONGEST_WHY
from shared.messaging.log import MAX_OFFSET
from shared.messaging.mending import GivenUp
from shared.messaging.parking import ParkedState
from shared.messaging.replays import ReplayState
from shared.operations.looking import MOST_RECORDS
from shared.operations.problems import Runbook
from shared.operations.states import ConsumerState, HeldUpBy, OutboxState
from shared.web.fields import Answer, Body, Choice, Instant, Text, Whole
from shared.web.paging import Asked


class ListQuery(Asked):
    """The bus is of no site and its rows of no version: only `limit` and `cursor` choose."""


class ConsumerView(Answer):
    topic = fields.String()
    consumer = fields.String()
    state = Choice(ConsumerState)
    lag_records = fields.Integer(allow_none=True)
    lag_seconds = fields.Float(allow_none=True)
    applied_last_hour = fields.Integer()
    applied_last_minute = fields.Integer()
    duplicates_last_hour = fields.Integer()
    last_applied_at = Instant(allow_none=True)
    stopped_partitions = fields.List(fields.Integer())


class OutboxView(Answer):
    state = Choice(OutboxState)
    rows = fields.Integer()
    oldest_seconds = fields.Float()
    last_published_at = Instant(allow_none=True)
    blocked_keys = fields.Integer()


class ParkedCount(Answer):
    keys = fields.Integer()
    dead = fields.Integer()
    events = fields.Integer()
    oldest_at = Instant(allow_none=True)


class ProblemView(Answer):
    code = fields.String()
    urgent = fields.Boolean()
    what = fields.String()
    next_step = fields.String()
    runbook = Choice(Runbook)


class StandingView(Answer):
    service = fields.String()
    now = Instant()
    measured_at = Instant(allow_none=True)
    consumers = fields.List(fields.Nested(ConsumerView))
    outbox = fields.Nested(OutboxView)
    parked = fields.Nested(ParkedCount)
    quarantined = fields.Integer()
    problems = fields.List(fields.Nested(ProblemView))


class ParkedView(Answer):
    parked_id = fields.String()
    event_id = fields.String()
    topic = fields.String()
    consumer = fields.String()
    key = fields.String()
    key_seq = fields.Integer()
    applied_seq = fields.Integer()
    waiting = fields.Integer()
    state = Choice(ParkedState)
    reason = fields.String()
    attempts = fields.Integer()
    parked_at = Instant()
    next_attempt_at = Instant(allow_none=True)
    held_up_by = Choice(HeldUpBy, allow_none=True)
    partition = fields.Integer()
    offset = fields.Integer()


class ParkedWhole(ParkedView):
    type = fields.String()
    site_id = fields.String()
    correlation_id = fields.String()
    payload_bytes = fields.Integer()
    field_names = fields.List(fields.String())


class ParkedPage(Answer):
    items = fields.List(fields.Nested(ParkedView))
    next = fields.String(allow_none=True)


class Discard(Body):
    reason = Text(LONGEST_WHY, required=True)
    what = Choice(GivenUp, load_default=GivenUp.EVENT)


class DiscardedView(Answer):
    topic = fields.String()
    consumer = fields.String()
    key = fields.String()
    first_seq = fields.Integer()
    last_seq = fields.Integer()
    event_id = fields.String(allow_none=True)
    failed_with = fields.String()
    attempts = fields.Integer()
    discarded_at = Instant()
    discarded_by = fields.String()
    reason = fields.String()


class DiscardedPage(Answer):
    items = fields.List(fields.Nested(DiscardedView))
    next = fields.String(allow_none=True)


class QuarantineView(Answer):
    quarantine_id = fields.Integer()
    topic = fields.String()
    consumer = fields.String()
    partition = fields.Integer()
    offset = fields.Integer()
    reason = fields.String()
    sealed_bytes = fields.Integer()
    received_at = Instant()


class QuarantinePage(Answer):
    items = fields.List(fields.Nested(QuarantineView))
    next = fields.String(allow_none=True)


class ReplayOrder(Body):
    """From (inclusive) to (exclusive): offsets that count in every partition, or instants of appending."""

    topic = Text(64, required=True)
    key = fields.UUID(load_default=None, allow_none=True)
    from_offset = Whole(0, MAX_OFFSET, load_default=None, allow_none=True)
    to_offset = Whole(0, MAX_OFFSET, load_default=None, allow_none=True)
    from_at = Instant(load_default=None, allow_none=True)
    to_at = Instant(load_default=None, allow_none=True)

    @validates_schema
    def _in_order(self, body: dict[str, object], **_: object) -> None:
        for start, end in (("from_offset", "to_offset"), ("from_at", "to_at")):
            first, last = body.get(start), body.get(end)
            if first is not None and last is not None and not first < last:  # type: ignore[operator]
                raise ValidationError(f"Must be after {start}.", end)


class ReplayView(Answer):
    replay_id = fields.UUID()
    topic = fields.String()
    consumer = fields.String()
    key = fields.String(allow_none=True)
    from_offset = fields.Integer(allow_none=True)
    to_offset = fields.Integer(allow_none=True)
    from_at = Instant(allow_none=True)
    to_at = Instant(allow_none=True)
    ordered_by = fields.String()
    ordered_at = Instant()
    ended_at = Instant(allow_none=True)
    state = Choice(ReplayState)
    left = fields.Integer()
    read = fields.Integer()
    applied = fields.Integer()
    duplicates = fields.Integer()
    gaps = fields.Integer()
    parked = fields.Integer()
    quarantined = fields.Integer()


class ReplayPage(Answer):
    items = fields.List(fields.Nested(ReplayView))
    next = fields.String(allow_none=True)


class TailQuery(ListQuery):
    topic = Text(64, required=True)
    limit = fields.Integer(
        load_default=20, validate=validate.Range(1, MOST_RECORDS, error=f"Must be 1 to {MOST_RECORDS}.")
    )


class RecordView(Answer):
    topic = fields.String()
    partition = fields.Integer()
    offset = fields.Integer()
    readable = fields.Boolean()
    unreadable_reason = fields.String(allow_none=True)
    event_id = fields.String(allow_none=True)
    type = fields.String(allow_none=True)
    key = fields.String(allow_none=True)
    key_seq = fields.Integer(allow_none=True)
    site_id = fields.String(allow_none=True)
    correlation_id = fields.String(allow_none=True)
    bytes = fields.Integer()


class RecordPage(Answer):
    items = fields.List(fields.Nested(RecordView))
    next = fields.String()
