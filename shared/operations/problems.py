"""What is wrong on a service's part of the bus, worst first: a sentence, the next step, its runbook. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shared.messaging.log import Away
from shared.operations.standing import Standing
from shared.operations.states import ConsumerState, OutboxState, StandingRules


class Runbook(StrEnum):
    """A page of docs/runbooks, by its name."""

    LAG = "lag"
    PARKED_KEYS = "parked-keys"
    STOPPED_PARTITION = "stopped-partition"
    QUARANTINE = "quarantine"
    OUTBOX = "outbox"


@dataclass(frozen=True, slots=True)
class Problem:
    """`rank` orders the problems of all services, a higher one is worse. `urgent`: somebody must act now."""

    rank: int
    code: str
    urgent: bool
    what: str
    next_step: str
    runbook: Runbook


def problems(standing: Standing, rules: StandingRules) -> list[Problem]:
    """Worst first."""
    return sorted(_found(standing, rules), key=lambda problem: -problem.rank)


def _found(standing: Standing, rules: StandingRules) -> Iterator[Problem]:
    name = standing.service
    yield from _of_consumers(standing)
    box = standing.outbox
    if box.state is OutboxState.NOT_PUBLISHING:
        yield Problem(
            80,
            "outbox-not-publishing",
            True,
            f"{name} has facts that nobody hears of: {box.rows} wait, the oldest for {words(box.oldest)}.",
            "See that its worker runs and reaches the log; nothing is lost.",
            Runbook.OUTBOX,
        )
    parked = standing.parked
    if parked.dead:
        yield Problem(
            60,
            "dead-keys",
            True,
            f"{name} has given up on {_keys(parked.dead)}: nothing is tried again by itself.",
            "Mend the cause, then retry; the patient’s later events wait behind.",
            Runbook.PARKED_KEYS,
        )
    waits = parked.oldest_gap_at is not None and standing.now - parked.oldest_gap_at >= rules.gap_patience
    if waits and parked.oldest_gap_at is not None:
        yield Problem(
            40,
            "gap",
            False,
            f"{name} waits for an event that has not arrived, for {words(standing.now - parked.oldest_gap_at)}.",
            "Look for it at the producer’s outbox, then replay the topic.",
            Runbook.PARKED_KEYS,
        )
    elif parked.keys and not parked.dead:
        yield Problem(
            30,
            "parked-keys",
            False,
            f"{name} holds back {_keys(parked.keys)} and tries by itself.",
            "Look at the reasons; nobody else’s events wait.",
            Runbook.PARKED_KEYS,
        )
    if standing.quarantined_lately:
        one = standing.quarantined_lately == 1
        records = "1 record that is" if one else f"{standing.quarantined_lately} records that are"
        yield Problem(
            20,
            "quarantine",
            False,
            f"{name} sealed {records} no readable event, in the last day.",
            "Find out who sent them; replay once a release can read them.",
            Runbook.QUARANTINE,
        )


def _of_consumers(standing: Standing) -> Iterator[Problem]:
    name = standing.service
    for consumer in standing.consumers:
        if consumer.state is ConsumerState.STOPPED:
            yield Problem(
                100,
                "stopped-partition",
                True,
                f"{name} has stopped reading {consumer.topic}: this release fails for too many patients.",
                "Roll back or mend the release and restart the worker; it goes on where it stopped.",
                Runbook.STOPPED_PARTITION,
            )
        elif consumer.state is ConsumerState.FALLING_BEHIND:
            yield Problem(
                50,
                "falling-behind",
                False,
                f"{name} is {words(timedelta(seconds=consumer.lag_seconds or 0))} behind on {consumer.topic}.",
                "See whether its worker is busy, and with what.",
                Runbook.LAG,
            )
    if standing.stale:
        since = "ever" if standing.measured_at is None else f"for {words(standing.now - standing.measured_at)}"
        yield Problem(
            90,
            "worker-silent",
            True,
            f"{name}’s worker has not been heard of {since}: what it reads and sends isn’t known.",
            "Start it again.",
            Runbook.LAG,
        )
    elif standing.paused_for is not None:
        yield Problem(
            70,
            "paused",
            True,
            f"{name} has paused: {standing.paused_for.words}.",
            _BRING_BACK.get(standing.paused_for, "Bring it back; reading goes on by itself and nothing is lost."),
            Runbook.LAG,
        )


_BRING_BACK = {
    Away.SIGN_IN: "Give worker and broker the same password and restart the worker; nothing is lost.",
    Away.RIGHTS: "Give its user the registry’s rights with topics apply; reading goes on by itself.",
}


def words(span: timedelta) -> str:
    """ "0.2 s", "94 s", "6 min", "3 h 41 min": how long something has lasted, rounded down."""
    seconds = max(0.0, span.total_seconds())
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(int(seconds) // 60, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _keys(number: int) -> str:
    return "1 patient’s line" if number == 1 else f"{number} patients’ lines"
