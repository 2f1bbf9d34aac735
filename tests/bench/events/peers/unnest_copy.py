"""poll + json.loads + `unnest` insert + COPY into an outbox + an offset row, one transaction a partition batch:
SERVER TOPIC COUNT POSTGRES. The ceiling of what one process of this client and this database can do; it validates
nothing, knows no patient and asks for no order.
"""

import json
import sys
from time import monotonic, process_time
from typing import Any

import psycopg

from tests.bench.events.peers.polling import from_the_beginning

BATCH = 500
_TABLES = """
CREATE TABLE peer_journal (journal_id uuid PRIMARY KEY, patient_id uuid NOT NULL, session_id uuid NOT NULL,
  position text NOT NULL, written_at timestamptz NOT NULL);
CREATE INDEX ON peer_journal (patient_id);
CREATE TABLE peer_outbox (outbox_id bigserial PRIMARY KEY, key text NOT NULL, payload bytea NOT NULL);
CREATE TABLE peer_offset (partition int PRIMARY KEY, next_offset bigint NOT NULL);
"""


def main(server: str, topic: str, count: int, postgres: str) -> None:
    with psycopg.connect(postgres) as connection:
        connection.execute(_TABLES)
        connection.commit()
        consumer = from_the_beginning(server, topic)
        done, first, began, used = 0, 0, 0.0, 0.0
        while done < count:
            for place, records in consumer.poll(timeout_ms=1000, max_records=2000).items():
                for start in range(0, len(records), BATCH):
                    _apply(connection, place.partition, records[start : start + BATCH])
                done += len(records)
            if not first and done:
                first, began, used = done, monotonic(), process_time()
        taken, used = monotonic() - began, process_time() - used
        print(json.dumps({"per_second": (done - first) / taken, "processor_us": used / (done - first) * 1e6}))
        consumer.close()


def _apply(connection: Any, partition: int, records: list[Any]) -> None:
    events = [json.loads(record.value) for record in records]
    columns = ("journal_id", "patient_id", "session_id", "window_position", "written_at")
    connection.execute(
        "INSERT INTO peer_journal SELECT * FROM"
        " unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[]) ON CONFLICT DO NOTHING",
        [[event[column] for event in events] for column in columns],
    )
    with connection.cursor() as cursor, cursor.copy("COPY peer_outbox (key, payload) FROM STDIN") as copy:
        for record in records:
            copy.write_row((record.key.decode(), record.value))
    connection.execute(
        "INSERT INTO peer_offset VALUES (%s, %s)"
        " ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset",
        (partition, records[-1].offset + 1),
    )
    connection.commit()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
