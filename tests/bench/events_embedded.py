"""Durable appends a second of the embedded log, in batches of 100: `python -m tests.bench.events_embedded`.

The ratio is against the floor of the same disk: bare SQLite rows of the same size in the same batches and settings.
"""

import sqlite3
import tempfile
from pathlib import Path

from shared.kernel.clock import monotonic
from shared.messaging.embedded import EmbeddedLog
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


def embedded(folder: Path) -> float:
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


def main() -> None:
    record = a_record(a_booster_due(), seq=1)
    size = len(record.value) + sum(len(name) + len(text) + 6 for name, text in record.headers.items())
    with tempfile.TemporaryDirectory() as folder:
        appends = embedded(Path(folder))
        floor = bare_sqlite(Path(folder), b"x" * size)
    print_table(
        f"embedded log, batches of {BATCH}, {size} bytes a record",
        ("what", "records/s", "ratio"),
        [("bare SQLite", f"{floor:,.0f}", "1.00"), ("embedded log", f"{appends:,.0f}", f"{appends / floor:.2f}")],
    )


if __name__ == "__main__":
    main()
