"""A service's part of the Operations page, in words: consumers, outbox, parked lines. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.messaging.log import Away
from shared.messaging.parked_lines import ParkedHead
from shared.messaging.parking import ParkedState, RetryRules
from shared.operations.losses import loss
from shared.operations.problems import words
from shared.operations.standing import ConsumerStanding, OutboxStanding
from shared.operations.states import ConsumerState, HeldUpBy, OutboxState

_MOST_TRIES = RetryRules().attempts
# tone, icon, words; what is normal has no edge
CONSUMER_CHIPS = {
    ConsumerState.KEEPING_UP: ("ok", "circle-check", "Keeping up"),
    ConsumerState.FALLING_BEHIND: ("warn", "alert-triangle", "Falling behind"),
    ConsumerState.PAUSED: ("warn", "player-pause", "Paused"),
    ConsumerState.STOPPED: ("stop", "alert-octagon", "Stopped"),
    ConsumerState.STALE: ("stop", "plug-connected-x", "Stale"),
}
OUTBOX_CHIPS = {
    OutboxState.EMPTY: ("ok", "circle-check", "Empty"),
    OutboxState.PUBLISHING: ("ok", "circle-check", "Publishing"),
    OutboxState.NOT_PUBLISHING: ("stop", "alert-octagon", "Not publishing"),
}
_TRIED_WHEN = {
    HeldUpBy.SILENT: "Tried when the worker runs",
    HeldUpBy.STOPPED: "Tried after the worker’s restart",
}
_REASONS = {
    "conflict": "The record is not in a shape that allows it.",
    "wrong-state": "The record is not in a state that allows it.",
    "not-found": "It names a record that isn’t here.",
    "invalid": "The service doesn’t accept what it says.",
    "undecodable": "This release can’t read it.",
    "behind": "It waits for its turn.",
}


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """One parked line. `last_try` says whether it will be tried again by itself."""

    head: ParkedHead
    consumer: str
    edge: str
    reason: str
    parked_for: str
    tries: str
    next_try: str
    dead: bool
    loss: str

    @property
    def id(self) -> str:
        return f"parked-{self.consumer}-{self.head.place.topic}-{self.head.place.key}"

    @property
    def short_key(self) -> str:
        return short(self.head.place.key)

    @property
    def waiting(self) -> str:
        number = self.head.waiting
        return f"{number} waiting" if number else "none waiting"

    @property
    def missing(self) -> str:
        """ "event 16", "events 14 to 16"; empty when none is missing."""
        first, last = self.head.applied_seq + 1, self.head.place.seq - 1
        if last < first:
            return ""
        return f"event {first}" if first == last else f"events {first} to {last}"


def parked_row(head: ParkedHead, consumer: str, held_up: HeldUpBy | None, *, now: datetime) -> ParkedRow:
    dead = head.state is ParkedState.DEAD
    return ParkedRow(
        head=head,
        consumer=consumer,
        edge="stop" if dead else "warn",
        reason=_reason(head),
        parked_for=words(now - head.parked_at),
        tries=_tries(head.attempts),
        next_try="Dead: retries are over" if dead else _next_try(head, held_up, now),
        dead=dead,
        loss=loss(consumer, head.place.topic),
    )


def short(key: str) -> str:
    """ "8c1f…e7a2"."""
    return key if len(key) <= 9 else f"{key[:4]}…{key[-4:]}"


def seconds(value: float | None) -> str:
    return "not known" if value is None else words(timedelta(seconds=value))


def ago(at: datetime | None, now: datetime) -> str:
    """By the machine's clock, which the demo's isn't: so never a time of day."""
    return "not lately" if at is None else f"{words(now - at)} ago"


def paused(what: Away | None) -> str:
    """Why reading pauses; one topic's lag may be unknown while others are read."""
    words = "its lag isn’t known" if what is None else what.words
    return words[0].upper() + words[1:]


def worst_tone(consumers: Sequence[ConsumerStanding]) -> str:
    tones = {CONSUMER_CHIPS[consumer.state][0] for consumer in consumers}
    return next((tone for tone in ("stop", "warn") if tone in tones), "ok")


def lag_line(consumer: ConsumerStanding, *, width: int = 100, height: int = 20) -> str:
    """The points of the last hour's lag as a line; minutes that nobody measured are left out."""
    known = [(n, lag) for n, lag in enumerate(consumer.lag_last_hour) if lag is not None]
    top = max((lag for _, lag in known), default=0) or 1
    last = len(consumer.lag_last_hour) - 1
    return " ".join(f"{n * width / last:.1f},{height - 2 - lag * (height - 4) / top:.1f}" for n, lag in known)


def lag_end(line: str) -> tuple[str, str] | None:
    """Where `lag_line` ends, for its dot."""
    x, _, y = line.rpartition(" ")[2].partition(",")
    return (x, y) if y else None


def most_lag(consumer: ConsumerStanding) -> str:
    known = [lag for lag in consumer.lag_last_hour if lag is not None]
    return f"at most {max(known)} records in the last hour" if known else "not measured in the last hour"


def outbox_words(box: OutboxStanding) -> str:
    return words(box.oldest) if box.rows else "none"


def longest_lag(consumers: Sequence[ConsumerStanding]) -> ConsumerStanding | None:
    known = [consumer for consumer in consumers if consumer.lag_seconds is not None]
    return max(known, key=lambda consumer: consumer.lag_seconds or 0.0, default=None)


def _tries(attempts: int) -> str:
    if not attempts:
        return "not tried"
    return f"{attempts} of {_MOST_TRIES}" if attempts <= _MOST_TRIES else f"{attempts} times"


def _reason(head: ParkedHead) -> str:
    if head.state is ParkedState.GAP:
        missing = head.missing
        return (
            f"Event {head.applied_seq + 1} has not arrived." if missing < 2 else f"{missing} events have not arrived."
        )
    return _REASONS.get(head.reason, "The handler failed: most likely a mistake in this release.")


def _next_try(head: ParkedHead, held_up: HeldUpBy | None, now: datetime) -> str:
    if head.state is ParkedState.GAP:
        return "Tried when it arrives"
    if held_up is not None:
        return _TRIED_WHEN[held_up]
    if head.next_attempt_at is None or head.next_attempt_at <= now:
        return "Next try now"
    return f"Next try in {words(head.next_attempt_at - now)}"
