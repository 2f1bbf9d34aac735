"""A bare poll, with nothing done to what came: SERVER TOPIC COUNT."""

import json
import sys
from time import monotonic, process_time

from tests.bench.events.peers.polling import from_the_beginning


def main(server: str, topic: str, count: int) -> None:
    consumer = from_the_beginning(server, topic)
    seen, first, began, used = 0, 0, 0.0, 0.0
    while seen < count:
        seen += sum(map(len, consumer.poll(timeout_ms=1000, max_records=2000).values()))
        if not first and seen:
            first, began, used = seen, monotonic(), process_time()
    taken, used = monotonic() - began, process_time() - used
    print(json.dumps({"per_second": (seen - first) / taken, "processor_us": used / (seen - first) * 1e6}))
    consumer.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
