"""Bare produce → poll, one record at a time at a rate: SERVER TOPIC SECONDS RATE."""

import json
import sys
import time
from statistics import median, quantiles
from threading import Thread
from time import monotonic

from kafka import KafkaProducer

from tests.bench.events.journals import journals
from tests.bench.events.peers.polling import from_the_beginning
from tests.support.bus import a_record


def main(server: str, topic: str, seconds: int, rate: int) -> None:
    count = seconds * rate
    records = [a_record(event, seq=1) for event, _ in journals(count, among=count)]
    sent: dict[bytes, float] = {}
    seen: dict[bytes, float] = {}
    consumer = from_the_beginning(server, topic)
    consumer.poll(timeout_ms=2000)

    def read() -> None:
        until = monotonic() + seconds + 30
        while len(seen) < count and monotonic() < until:
            for batch in consumer.poll(timeout_ms=100).values():
                for record in batch:
                    seen[record.value] = monotonic()

    reader = Thread(target=read)
    reader.start()
    producer = KafkaProducer(bootstrap_servers=server, enable_idempotence=True, acks="all", linger_ms=0)
    producer.partitions_for(topic)
    began = monotonic()
    for number, record in enumerate(records):
        time.sleep(max(0.0, began + number / rate - monotonic()))
        headers = [(name, text.encode()) for name, text in record.headers.items()]
        sent[record.value] = monotonic()
        producer.send(topic, key=record.key.encode(), value=record.value, headers=headers)
    reader.join()
    taken = [seen[value] - at for value, at in sent.items()]
    print(json.dumps({"p50_ms": median(taken) * 1000, "p99_ms": quantiles(taken, n=100)[98] * 1000}))
    producer.close()
    consumer.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
