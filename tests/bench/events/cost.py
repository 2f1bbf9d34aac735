"""What the guarantees cost: maintenance's worker against the same batches and handler without fence, sequence, parked
lines and savepoint."""

from tests.bench.events.consumer import listed
from tests.bench.events.journals import journals
from tests.bench.events.size import Size
from tests.bench.events.stage import Stage, measured, middle
from tests.bench.table import print_table


def run(stage: Stage, size: Size) -> None:
    events = f"kafka://{stage.server}/{stage.topics(journals(size.events))}"
    without, ours = [], []
    for _ in range(size.rounds):
        for program, rates in (("ours.without_guarantees", without), ("ours.consume", ours)):
            answer = measured(program, events, stage.database("maintenance"), size.events)
            rates.append(answer["per_second"])
    bare = middle(without)
    print_table(
        f"the same {size.events:,} journals with and without the guarantees, {size.rounds} rounds, medians",
        ("what", "events/s", "costs more (must ≤ 30 %)", "rounds"),
        [
            (name, f"{middle(rates):,.0f}", f"{(bare / middle(rates) - 1) * 100:.0f} %", listed(rates))
            for name, rates in (("without", without), ("maintenance", ours))
        ],
    )
