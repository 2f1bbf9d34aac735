"""An outbox that integration has filled: rows as `publish` writes them, many at a time."""

import json

from sqlalchemy import Engine, insert

from shared.contracts.journal_submitted import JournalSubmitted
from shared.kernel.clock import machine_now
from shared.messaging.outbox import outbox
from tests.bench.events.journals import TOPIC, journals
from tests.support.bus import a_record

_AT_A_TIME = 2000


def fill_outbox(engine: Engine, count: int) -> None:
    rows = []
    with engine.begin() as connection:
        for event, seq in journals(count):
            rows.append(_row(event, seq))
            if len(rows) == _AT_A_TIME:
                connection.execute(insert(outbox), rows)
                rows = []
        if rows:
            connection.execute(insert(outbox), rows)


def _row(event: JournalSubmitted, seq: int) -> dict[str, object]:
    record = a_record(event, seq=seq)
    return {
        "topic": TOPIC,
        "key": record.key,
        "key_seq": seq,
        "headers": json.dumps(dict(record.headers), separators=(",", ":")),
        "payload": record.value,
        "created_at": machine_now(),
    }
