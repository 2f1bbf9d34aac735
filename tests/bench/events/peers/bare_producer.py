"""A bare idempotent producer: SERVER TOPIC COUNT. The same bytes, headers and settings as the relay's."""

import json
import sys
from time import monotonic, process_time

from kafka import KafkaProducer

from tests.bench.events.journals import journals
from tests.support.bus import a_record


def main(server: str, topic: str, count: int) -> None:
    record = a_record(next(journals(1))[0], seq=1)
    headers = [(name, text.encode()) for name, text in record.headers.items()]
    keys = [str(event.patient_id).encode() for event, _ in journals(1000, among=1000)]
    producer = KafkaProducer(
        bootstrap_servers=server,
        enable_idempotence=True,
        acks="all",
        linger_ms=5,
        batch_size=131072,
        allow_auto_create_topics=False,
    )
    producer.send(topic, key=keys[0], value=record.value, headers=headers).get(30)
    began, used = monotonic(), process_time()
    futures = [
        producer.send(topic, key=keys[number % len(keys)], value=record.value, headers=headers)
        for number in range(count)
    ]
    producer.flush()
    assert all(future.succeeded() for future in futures)
    taken, used = monotonic() - began, process_time() - used
    print(json.dumps({"per_second": count / taken, "processor_us": used / count * 1e6}))
    producer.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
