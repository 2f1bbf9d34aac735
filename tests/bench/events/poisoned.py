"""What one poisoned journal in a hundred does to the other patients' p99."""

from tests.bench.events import journey
from tests.bench.events.size import Size
from tests.bench.events.stage import Stage, middle
from tests.bench.table import print_table

_ONE_IN = 100


def run(stage: Stage, size: Size) -> None:
    clean, poisoned = [], []
    for _ in range(size.rounds):
        clean.append(journey.on_kafka(stage, size.rate_seconds))
        poisoned.append(journey.on_kafka(stage, size.rate_seconds, poisoned_in=_ONE_IN))
    rows = []
    for name, runs in (("clean", clean), (f"one in {_ONE_IN} poisoned", poisoned)):
        rows.append((name, middle([run.p50 for run in runs]), middle([run.p99 for run in runs])))
    base = rows[0][2]
    print_table(
        f"other patients' journals at {journey.RATE} a second, {size.rounds} rounds, medians",
        ("what", "p50 ms", "p99 ms", "p99 against clean (must ≤ 1.2)"),
        [(name, f"{p50:.1f}", f"{p99:.1f}", f"{p99 / base:.2f}") for name, p50, p99 in rows],
    )
