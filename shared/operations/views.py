"""What the operators' API answers, from what was found."""

from dataclasses import asdict
from typing import Any

from shared.messaging.discarded import Discarded
from shared.messaging.parked_lines import ParkedHead, Quarantined
from shared.messaging.replays import Replay
from shared.operations.problems import Problem
from shared.operations.standing import Standing
from shared.operations.states import HeldUpBy


def standing_view(standing: Standing, found: list[Problem]) -> dict[str, Any]:
    return {
        "service": standing.service,
        "now": standing.now,
        "measured_at": standing.measured_at,
        "consumers": [
            {name: getattr(consumer, name) for name in consumer.__slots__ if name != "lag_last_hour"}
            | {"consumer": standing.service}
            for consumer in standing.consumers
        ],
        "outbox": asdict(standing.outbox) | {"oldest_seconds": standing.outbox.oldest.total_seconds()},
        "parked": asdict(standing.parked),
        "quarantined": standing.quarantined,
        "problems": [asdict(problem) for problem in found],
    }


def parked_view(head: ParkedHead, consumer: str, held_up: HeldUpBy | None) -> dict[str, Any]:
    return {
        "parked_id": str(head.place),
        "topic": head.place.topic,
        "key": head.place.key,
        "key_seq": head.place.seq,
        "consumer": consumer,
        "held_up_by": held_up,
    } | asdict(head)


def discarded_view(discarded: Discarded, consumer: str) -> dict[str, Any]:
    return asdict(discarded) | {
        "consumer": consumer,
        "failed_with": discarded.reason,
        "reason": discarded.why,
    }


def quarantine_view(record: Quarantined, consumer: str) -> dict[str, Any]:
    return asdict(record) | {"consumer": consumer}


def replay_view(replay: Replay, consumer: str) -> dict[str, Any]:
    return (
        asdict(replay.wanted)
        | asdict(replay.came_to)
        | {
            "replay_id": replay.replay_id,
            "consumer": consumer,
            "ordered_by": replay.ordered_by,
            "ordered_at": replay.ordered_at,
            "ended_at": replay.ended_at,
            "state": replay.state,
            "left": replay.left,
        }
    )
