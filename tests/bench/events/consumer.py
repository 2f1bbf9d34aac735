"""Maintenance applying journal-submitted once into PostgreSQL, all guarantees on, one process: against a bare poll,
the same with unnest and COPY, and FastStream, all reading the same topic."""

from tests.bench.events.journals import TOPIC, journals
from tests.bench.events.size import Size
from tests.bench.events.stage import Stage, faststream, measured, middle, plain
from tests.bench.table import print_table


def run(stage: Stage, size: Size) -> None:
    prefix = stage.topics(journals(size.events))
    topic = f"{prefix}.{TOPIC}"
    rates: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}

    def keep(name: str, answer: dict[str, float]) -> None:
        rates.setdefault(name, []).append(answer["per_second"])
        processor.setdefault(name, []).append(answer["processor_us"])

    for _ in range(size.rounds):
        keep("bare poll", measured("peers.bare_poll", stage.server, topic, size.events))
        keep("FastStream", faststream(stage.server, topic, size.slow_events))
        database = plain(stage.database())
        stage.rest()
        keep("poll + unnest + COPY", measured("peers.unnest_copy", stage.server, topic, size.events, database))
        database = stage.database("maintenance")
        stage.rest()
        ours = measured("ours.consume", f"kafka://{stage.server}/{prefix}", database, size.events)
        keep("maintenance", ours)
    ceiling, framework = middle(rates["poll + unnest + COPY"]), middle(rates["FastStream"])
    print_table(
        f"consuming {size.events:,} journals (FastStream {size.slow_events:,}), {size.rounds} rounds, medians",
        ("what", "events/s", "× FastStream (must ≥ 4)", "× unnest + COPY (aim ≥ 0.5)", "its µs of processor", "rounds"),
        [
            (
                name,
                f"{middle(all_):,.0f}",
                f"{middle(all_) / framework:.2f}",
                f"{middle(all_) / ceiling:.2f}",
                f"{middle(processor[name]):.0f}",
                listed(all_),
            )
            for name, all_ in rates.items()
        ],
    )


def listed(rates: list[float]) -> str:
    return " ".join(f"{rate:,.0f}" for rate in rates)
