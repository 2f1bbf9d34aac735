"""What came of a batch, and how that is counted."""

from dataclasses import dataclass

from shared.observability import metrics


@dataclass
class Tally:
    """What a batch came to. `read` counts records from its start that are dealt with; `stop` says that the next one
    must not be read by this release."""

    read: int = 0
    applied: int = 0
    duplicates: int = 0
    gaps: int = 0
    parked: int = 0
    quarantined: int = 0
    stop: bool = False


def count(service: str, topic: str, tally: Tally) -> None:
    for counter, number in (
        (metrics.APPLIED, tally.applied),
        (metrics.DUPLICATES, tally.duplicates),
        (metrics.GAPS, tally.gaps),
        (metrics.QUARANTINED, tally.quarantined),
    ):
        if number:
            counter.labels(service, topic).inc(number)
