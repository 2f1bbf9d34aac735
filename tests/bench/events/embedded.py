"""The embedded log: durable appends, and the whole way from an outbox through a handler.

The ratios are against the floor of the same disk: bare SQLite rows of the same size in the same batches and settings.
"""

import sqlite3
import tempfile
from pathlib import Path

from shared.kernel.clock import monotonic
from shared.messaging.embedded import EmbeddedLog
from tests.bench.events.consumer import listed
from tests.bench.events.size import Size
from tests.bench.events.stage import Stage, measured, middle
from tests.bench.table import print_table
from tests.support.bus import a_booster_due, a_record

BATCHES = 300
BATCH = 100


def bare_sqlite(folder: Path, value: bytes) -> float:
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, value BLOB)")
    started = monotonic()
    for _ in range(BATCHES):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO row (value) VALUES (?)", [(value,)] * BATCH)
        connection.execute("COMMIT")
    elapsed = monotonic() - started
    connection.close()
    return BATCHES * BATCH / elapsed


def appended(folder: Path) -> float:
    records = [a_record(a_booster_due(), seq=1) for _ in range(BATCH)]
    log = EmbeddedLog(folder / "events.db")
    producer = log.producer()
    producer.publish(records)
    started = monotonic()
    for _ in range(BATCHES):
        assert not any(producer.publish(records))
    elapsed = monotonic() - started
    log.close()
    return BATCHES * BATCH / elapsed


def end_to_end(count: int) -> float:
    """Journals a second from integration's outbox through maintenance's handler, all in one process."""
    with tempfile.TemporaryDirectory() as folder:
        rate: float = measured("ours.house", folder, count)["per_second"]
        return rate


def run(stage: Stage, size: Size) -> None:
    record = a_record(a_booster_due(), seq=1)
    bytes_each = len(record.value) + sum(len(name) + len(text) + 6 for name, text in record.headers.items())
    bare, appends, through = [], [], []
    for _ in range(size.rounds):
        with tempfile.TemporaryDirectory() as folder:
            appends.append(appended(Path(folder)))
            bare.append(bare_sqlite(Path(folder), b"x" * bytes_each))
        through.append(end_to_end(size.events))
    floor = middle(bare)
    print_table(
        f"embedded log: durable appends in batches of {BATCH}, {bytes_each} bytes a record; {size.events:,} journals"
        f" from an outbox through a handler; {size.rounds} rounds, medians",
        ("what", "events/s", "× bare SQLite", "rounds"),
        [
            (name, f"{middle(rates):,.0f}", f"{middle(rates) / floor:.2f}", listed(rates))
            for name, rates in (
                ("bare SQLite", bare),
                ("appends", appends),
                ("outbox → handler (must ≥ 2,000)", through),
            )
        ],
    )
