"""Commit in integration → committed in maintenance at 200 journals a second, against a bare produce → poll."""

from tests.bench.events import journey
from tests.bench.events.journals import TOPIC
from tests.bench.events.size import Size
from tests.bench.events.stage import Stage, measured, middle
from tests.bench.table import print_table


def run(stage: Stage, size: Size) -> None:
    bare, kafka, embedded = [], [], []
    for _ in range(size.rounds):
        topic = f"{stage.topics()}.{TOPIC}"
        bare.append(measured("peers.round_trip", stage.server, topic, size.rate_seconds, journey.RATE))
        kafka.append(journey.on_kafka(stage, size.rate_seconds))
        embedded.append(journey.embedded(size.rate_seconds))
    floor = middle([answer["p99_ms"] for answer in bare])
    rows = [("bare produce → poll", middle([answer["p50_ms"] for answer in bare]), floor)]
    for name, runs in (("Kafka and PostgreSQL", kafka), ("embedded log and SQLite", embedded)):
        rows.append((name, middle([run.p50 for run in runs]), middle([run.p99 for run in runs])))
    print_table(
        f"{size.rate_seconds * journey.RATE:,} journals at {journey.RATE} a second, {size.rounds} rounds, medians",
        ("what", "p50 ms (must ≤ 25)", "p99 ms (must ≤ 100)", "p99 against bare (aim ≤ 3)"),
        [(name, f"{p50:.1f}", f"{p99:.1f}", f"{p99 / floor:.1f}") for name, p50, p99 in rows],
    )
