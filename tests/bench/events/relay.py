"""Integration's relay emptying its outbox on PostgreSQL, against a bare idempotent producer of the same records."""

from tests.bench.events.consumer import listed
from tests.bench.events.journals import TOPIC
from tests.bench.events.size import Size
from tests.bench.events.stage import Stage, measured, middle
from tests.bench.table import print_table


def run(stage: Stage, size: Size) -> None:
    bare, ours = [], []
    processor: dict[str, list[float]] = {"bare idempotent producer": [], "relay": []}
    for _ in range(size.rounds):
        prefix = stage.topics()
        answer = measured("peers.bare_producer", stage.server, f"{prefix}.{TOPIC}", size.events)
        bare.append(answer["per_second"])
        processor["bare idempotent producer"].append(answer["processor_us"])
        events, database = f"kafka://{stage.server}/{stage.topics()}", stage.database("integration")
        answer = measured("ours.relay", events, database, size.events)
        ours.append(answer["per_second"])
        processor["relay"].append(answer["processor_us"])
    floor = middle(bare)
    print_table(
        f"announcing {size.events:,} journals, {size.rounds} rounds, medians",
        ("what", "events/s", "× bare (must ≥ 0.5, aim ≥ 0.7)", "its µs of processor", "rounds"),
        [
            (
                name,
                f"{middle(rates):,.0f}",
                f"{middle(rates) / floor:.2f}",
                f"{middle(processor[name]):.0f}",
                listed(rates),
            )
            for name, rates in (("bare idempotent producer", bare), ("relay", ours))
        ],
    )
